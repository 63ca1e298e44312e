import { cleanLine, formatMarker } from '@csa/markers';

const MAX_WORD_BYTES = 60;

/** A word of a record: a status, a reason. */
export function word(text: string | undefined): string | undefined {
  return text === undefined ? undefined : boundEscaped(text, MAX_WORD_BYTES);
}

/** One clean line that takes at most `maxBytes` in a marker, where quotes and brackets take more than themselves. */
export function boundEscaped(text: string, maxBytes: number): string {
  for (let limit = maxBytes; limit > 0; limit -= Math.ceil(limit / 10)) {
    const line = cleanLine(text, limit);
    if (escapedBytes(line) <= maxBytes) return line;
  }
  return '';
}

function escapedBytes(value: string): number {
  return Buffer.byteLength(formatMarker('X', [['x', value]])) - Buffer.byteLength(formatMarker('X', [['x', '']]));
}
