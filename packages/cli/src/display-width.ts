const ELLIPSIS = '…';
const PRINTABLE_ASCII = /^[\u0020-\u007e]*$/;
/** Marks above or below, format characters, controls, the inner parts of a Hangul syllable, variation selectors. */
const WITHOUT_WIDTH =
  /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7ff]$/u;
/** East Asian Wide and Fullwidth (UAX #11), as blocks; pictures are wide by what Unicode says of each. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{20000}-\u{3fffd}]$/u;
/** Asks for the picture where a character has a plain form, too. */
const AS_PICTURE = '\ufe0f';

let segmenter: Intl.Segmenter | undefined;

/** The columns that a line takes on a terminal. Its controls count nothing: clean it first. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of charactersOf(text)) width += characterWidth(character);
  return width;
}

/** The line within so many columns: a longer one is cut between what people take for characters, and ends with `…`. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  let width = 0;
  let end = 0;
  for (const character of charactersOf(text)) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    end += character.length;
  }
  return `${text.slice(0, end).trimEnd()}${ELLIPSIS}`;
}

/** The same from its other end: `…`, and what the line ends with. */
export function endToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  let width = 0;
  let start = text.length;
  for (const character of [...charactersOf(text)].reverse()) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    start -= character.length;
  }
  return `${ELLIPSIS}${text.slice(start).trimStart()}`;
}

/** Grapheme clusters: a letter with its accents, a flag, a family are one. */
function* charactersOf(text: string): Generator<string> {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** A cluster takes the place of its parts, but never more than two columns. */
function characterWidth(character: string): number {
  if (character.includes(AS_PICTURE)) return 2;
  let width = 0;
  for (const part of character) width += WITHOUT_WIDTH.test(part) ? 0 : WIDE.test(part) ? 2 : 1;
  return Math.min(2, width);
}
