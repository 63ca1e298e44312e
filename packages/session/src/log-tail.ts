import type { LogFile } from './log-file.ts';

export interface TailWish {
  /** Where the log ends for this question: it may be growing. */
  readonly end: number;
  readonly lines: number;
  /** Never further back than so many bytes: a line may be as long as the log. */
  readonly maxBytes: number;
  /** A lone carriage return ends a line too: progress bars are drawn with it. */
  readonly returnsCount: boolean;
}

const BLOCK_BYTES = 64 * 1024;
const LF = 0x0a;
const CR = 0x0d;

/** Where the last lines of a log begin, as an offset in bytes; read backwards and no further than needed. */
export function tailOffset(log: LogFile, { end, lines, maxBytes, returnsCount }: TailWish): number {
  const floor = Math.max(0, end - maxBytes);
  if (lines === 0) return end;
  let missing = lines;
  let after = -1;
  for (let to = end; to > floor; ) {
    const from = Math.max(floor, to - BLOCK_BYTES);
    const block = log.read(from, to - from);
    for (let i = block.length - 1; i >= 0; i -= 1) {
      const byte = block[i];
      const endsLine = byte === LF || (returnsCount && byte === CR && after !== LF);
      // What ends the last line begins no further one.
      if (endsLine && after !== -1) {
        missing -= 1;
        if (missing === 0) return from + i + 1;
      }
      after = byte ?? -1;
    }
    to = from;
  }
  return floor === 0 ? 0 : characterStart(log, floor);
}

/** The first place from here on that is not within a character of UTF-8. */
export function characterStart(log: LogFile, offset: number): number {
  const block = log.read(offset, 3);
  const first = block.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return first === -1 ? offset : offset + first;
}
