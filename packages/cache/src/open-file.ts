import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type Validator, validatorOf } from './validator.ts';

/** An open file. Its writer goes on meanwhile: what was there at the opening is all that is read. */
export interface OpenFile {
  readonly validator: Validator;
  /** Bytes. */
  readonly size: number;
  /** That many bytes from that offset on, or as many as there are. */
  read(offset: number, bytes: number): Buffer;
  /** What it is by now. */
  look(): Validator;
}

/**
 * Opens a regular file for as long as `use` runs; never blocks, whatever stands there instead.
 * @throws what open(2) and read(2) fail with
 */
export function withFile<T>(path: string, use: (file: OpenFile) => T): T {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isFile()) throw new Error(`${path} is no file that could be read by lines`);
    return use({
      validator: validatorOf(stat),
      size: Number(stat.size),
      read: (offset, bytes) => readFully(fd, Buffer.allocUnsafe(bytes), offset),
      look: () => validatorOf(fstatSync(fd, { bigint: true })),
    });
  } finally {
    closeSync(fd);
  }
}

function readFully(fd: number, buffer: Buffer, offset: number): Buffer {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(fd, buffer, filled, buffer.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
