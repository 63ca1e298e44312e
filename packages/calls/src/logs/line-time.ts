/** A date and a time of day at the beginning of a line, perhaps in brackets: ISO 8601, with a space or slashes, too. */
const LEADING_TIME =
  /^[[(<"]?(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?: ?(Z|UTC|[+-]\d\d:?\d\d)(?!\w))?/;

/**
 * The time that a line begins with, in milliseconds since the epoch; `undefined` where there is none. Without a zone it
 * is local time, as ISO 8601 has it.
 */
export function lineTime(line: string): number | undefined {
  const found = LEADING_TIME.exec(line);
  if (found === null) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '0', zone] = found;
  const form = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}${offset(zone)}`;
  const time = Date.parse(form);
  return Number.isNaN(time) ? undefined : time;
}

function offset(zone: string | undefined): string {
  if (zone === undefined) return '';
  if (zone === 'Z' || zone === 'UTC') return 'Z';
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}
