/** Digits and units (`1h30m`), or what was meant so (`-5m`, `1.5h`, `30M`); an id goes on with digits. */
const DURATION = /^[-+]?[\d.]+[a-z]{0,4}$|^(?:\d{1,9}[dhms]{1,2})+$/i;
const UPPER_ID = /^[0-9A-Z]{10,26}$/;

/** Whether a word beside an id's is meant as a time. A whole id is one, whatever its characters mean beside. */
export function isDurationWord(word: string): boolean {
  return DURATION.test(word) && !(UPPER_ID.test(word) && word.length === 26);
}
