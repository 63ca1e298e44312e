import { cleanLine, formatMarker } from '@csa/markers';

/** As long as the longest status that is written anywhere. */
const MAX_STATUS_BYTES = 24;
const MAX_REASON_BYTES = 32;

/** A status that stands in a record. */
export function boundStatus(text: string): string {
  return boundEscaped(text, MAX_STATUS_BYTES);
}

/** Why something ended, in a record's words; longer ones are in the summary and in the result. */
export function boundReason(text: string | undefined): string | undefined {
  return text === undefined ? undefined : boundEscaped(text, MAX_REASON_BYTES);
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
