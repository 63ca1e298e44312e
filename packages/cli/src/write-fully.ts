import { writeSync } from 'node:fs';
import { errnoOf } from '@csa/session';

/** `closed`: the reader went away; `failed`: the bytes are lost (a full disk, /dev/full). */
export type Writing = 'written' | 'closed' | 'failed';

const RETRY_MS = 5;

/** Writes all bytes before it returns, also into a pipe that does not block and is full. */
export function writeFully(fd: number, bytes: Buffer): Writing {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const code = errnoOf(error);
      if (code === undefined) throw error;
      if (code !== 'EAGAIN') return code === 'EPIPE' ? 'closed' : 'failed';
      // The pipe is full and does not block: give its reader time.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
  return 'written';
}
