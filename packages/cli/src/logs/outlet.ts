import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf, Refusal } from '@csa/session';
import { unblocked } from '../unblocked.ts';
import { writeFully } from '../write-fully.ts';

/** Where logs are printed. `false`: nobody reads any more, or nobody is to wait for the reader any more. */
export type Outlet = (bytes: Buffer) => Promise<boolean>;

const STDOUT = 1;
const RETRY_MS = 5;

/** Waits for a slow reader as any program does. @throws Refusal reason=output-lost */
export async function printFully(bytes: Buffer): Promise<boolean> {
  const writing = writeFully(STDOUT, bytes);
  if (writing === 'failed') throw outputLost();
  return writing === 'written';
}

/**
 * Standard output for what goes on for long: a reader that has stopped reading keeps nobody from hearing a signal.
 * Never throws but a Refusal reason=output-lost.
 */
export function patientOutlet(abort: AbortSignal): Outlet {
  const own = unblocked(STDOUT);
  // A socket, as programs give it to each other: Node makes it one that does not block, and undoes that at its end.
  if (own === undefined) void process.stdout;
  return async (bytes) => !abort.aborted && writePatiently(own ?? STDOUT, bytes, abort);
}

async function writePatiently(fd: number, bytes: Buffer, abort: AbortSignal): Promise<boolean> {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const code = errnoOf(error);
      if (code === undefined) throw error;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw outputLost();
      if (abort.aborted) return false;
      await delay(RETRY_MS);
    }
  }
  return true;
}

function outputLost(): Refusal {
  return new Refusal({
    reason: 'output-lost',
    what: 'standard output cannot be written',
    expected: 'room for the logs',
    got: 'a write that failed',
    next: 'Free some space, or send them elsewhere',
  });
}
