import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** An open transcript. Its writer goes on meanwhile: what was there at the opening is all that is read. */
export interface TranscriptFile {
  /** Bytes. */
  readonly size: number;
  /** Fills the buffer from that offset; gives the part that could be read. */
  read(buffer: Buffer, offset: number): Buffer;
}

/**
 * Opens a transcript for as long as `use` runs. Absent, a directory, a pipe or unreadable at any time: `otherwise`.
 * Never blocks; throws only what `use` itself throws.
 */
export function withTranscript<T>(path: string, use: (file: TranscriptFile) => T, otherwise: T): T {
  const fd = open(path);
  if (fd === undefined) return otherwise;
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return otherwise;
    return use({ size: stat.size, read: (buffer, offset) => fill(fd, buffer, offset) });
  } finally {
    closeSync(fd);
  }
}

/** How much of a transcript's end is read: more each time, until what is looked for stands in it. */
const TAIL_BYTES = [256 * 1024, 2 * 1024 * 1024, 16 * 1024 * 1024];

/** The lines at a transcript's end, more and more of them, up to the whole of a file that is not too long. */
export function* tailsOf(file: TranscriptFile): Generator<readonly string[]> {
  for (const bytes of TAIL_BYTES) {
    const from = Math.max(0, file.size - bytes);
    const lines = file
      .read(Buffer.alloc(file.size - from), from)
      .toString('utf8')
      .split('\n');
    // The first line of a tail is cut; the last one may still be being written, and then is no JSON.
    yield from === 0 ? lines : lines.slice(1);
    if (from === 0) return;
  }
}

function open(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // Whatever keeps it from being read, it tells nothing.
    return undefined;
  }
}

function fill(fd: number, buffer: Buffer, offset: number): Buffer {
  let filled = 0;
  try {
    while (filled < buffer.length) {
      const count = readSync(fd, buffer, filled, buffer.length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
  } catch {
    // The disk is at fault, or the network is: what came before it is as good as ever.
  }
  return buffer.subarray(0, filled);
}
