import { BLACK_CONTROLS, ESCAPE_SEQUENCE, INVISIBLE } from './characters.ts';
import { defangMarkers } from './defang.ts';

const ELLIPSIS = '…';

const TRICKS = new RegExp(`${ESCAPE_SEQUENCE}|[${INVISIBLE}${BLACK_CONTROLS}]`, 'gu');

/**
 * One line that is safe to print, out of a text that nobody vouches for. Escape sequences, control characters and
 * invisible characters are removed, runs of white space become one space, marker openings are defanged.
 *
 * @param maxBytes the most UTF-8 bytes of the result; a longer one is cut at a character and ends with `…`, counted in
 */
export function cleanLine(text: string, maxBytes: number = Number.POSITIVE_INFINITY): string {
  const line = defangMarkers(withoutTricks(text).replace(/\s+/g, ' ').trim());
  if (Buffer.byteLength(line) <= maxBytes) return line;
  const ending = truncateUtf8(ELLIPSIS, maxBytes);
  return truncateUtf8(line, maxBytes - Buffer.byteLength(ending)).trimEnd() + ending;
}

/** The last line of a text that still has something on it when it is cleaned; '' when there is none. */
export function lastCleanLine(text: string, maxBytes: number = Number.POSITIVE_INFINITY): string {
  for (const line of text.split(/[\r\n]/).reverse()) {
    const clean = cleanLine(line, maxBytes);
    if (clean !== '') return clean;
  }
  return '';
}

/** The same cleaning for a text of many lines: `\n` and `\t` stay, and `\r\n` or a lone `\r` becomes `\n`. */
export function cleanText(text: string): string {
  return defangMarkers(
    withoutTricks(text)
      .replace(/\r\n?/g, '\n')
      .replace(/[\v\f]/g, ''),
  );
}

/** What UTF-8 can carry of a text, without escape sequences, invisible characters and controls that are not space. */
function withoutTricks(text: string): string {
  return text.toWellFormed().replace(TRICKS, '');
}

/** The longest beginning of a text that fits into so many UTF-8 bytes; lone surrogates become U+FFFD. */
export function truncateUtf8(text: string, maxBytes: number): string {
  const wellFormed = text.toWellFormed();
  if (Buffer.byteLength(wellFormed) <= maxBytes) return wellFormed;
  const { read } = new TextEncoder().encodeInto(wellFormed, new Uint8Array(Math.max(0, Math.floor(maxBytes))));
  return wellFormed.slice(0, read);
}
