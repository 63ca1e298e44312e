import type { OpenFile } from './open-file.ts';

/** One line of a file, without its end. */
export interface Line {
  readonly text: string;
  /** Where it begins, in bytes. */
  readonly at: number;
  /** Where the next one begins; `undefined`: this one may still be being written. */
  readonly next: number | undefined;
}

/** A longer line is told as an empty one. */
export const MAX_LINE_BYTES: number = 16 * 1024 * 1024;
const BLOCK_BYTES = 256 * 1024;
const LF = 0x0a;

/** The lines from an offset on, at which one begins; never more than one of them and a block in memory. */
export function* linesFrom(file: OpenFile, from: number): Generator<Line> {
  let parts: Buffer[] = [];
  let [at, bytes] = [from, 0];
  const add = (part: Buffer): void => {
    bytes += part.length;
    if (bytes > MAX_LINE_BYTES) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  for (let offset = from; offset < file.size; ) {
    const block = file.read(offset, Math.min(BLOCK_BYTES, file.size - offset));
    if (block.length === 0) break;
    let start = 0;
    for (let end = block.indexOf(LF); end !== -1; end = block.indexOf(LF, start)) {
      add(block.subarray(start, end));
      const next = offset + end + 1;
      yield { text: textOf(parts, bytes), at, next };
      [parts, bytes, at, start] = [[], 0, next, end + 1];
    }
    add(block.subarray(start));
    offset += block.length;
  }
  if (bytes > 0) yield { text: textOf(parts, bytes), at, next: undefined };
}

function textOf(parts: readonly Buffer[], bytes: number): string {
  if (bytes > MAX_LINE_BYTES) return '';
  const [only, ...more] = parts;
  return more.length === 0 ? (only?.toString('utf8') ?? '') : Buffer.concat(parts).toString('utf8');
}
