import { Refusal } from '@csa/session';
import { writeFully } from '../write-fully.ts';

export const STDOUT = 1;

/** Waits for a slow reader as any program does. @throws Refusal reason=output-lost */
export async function printFully(bytes: Buffer): Promise<boolean> {
  const writing = writeFully(STDOUT, bytes);
  if (writing === 'failed') throw outputLost();
  return writing === 'written';
}

/** What was to be read by somebody cannot be written: a full disk, /dev/full. */
export function outputLost(): Refusal {
  return new Refusal({
    reason: 'output-lost',
    what: 'standard output cannot be written',
    expected: 'room for what is printed',
    got: 'a write that failed',
    next: 'Free some space, or send it elsewhere, and run the command again',
  });
}
