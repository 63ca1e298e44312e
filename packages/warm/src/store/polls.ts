import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { count, DIRECTORY_MODE, errnoOf, object, readRecord, writeAtomically } from '@csa/session/files';

interface Polls {
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const polls = object<Polls>({ count, at: count });
/** A gap of so many times the prefix's life ends a chain of re-runs: the agent has done something else meanwhile. */
const CHAIN_GAPS = 2;

/**
 * Counts one more re-run of an agent that keeps its prefix warm by itself, and says the how many-th of its chain it is.
 * Never throws: where it cannot be written it counts from what stands there.
 */
export function countPoll(path: string, now: number, ttlMs: number): number {
  const reading = readRecord({ path, owner: process.getuid?.() ?? 0 }, (text) => polls(JSON.parse(text)));
  const before = reading.kind === 'present' ? reading.value : { count: 0, at: now };
  const isChain = now >= before.at && now - before.at <= CHAIN_GAPS * ttlMs;
  const next = { count: isChain ? before.count + 1 : 1, at: now };
  try {
    mkdirSync(dirname(path), { recursive: true, mode: DIRECTORY_MODE });
    writeAtomically(path, `${JSON.stringify(next)}\n`);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  return next.count;
}
