import {
  errnoOf,
  isStillThere,
  readDaemon,
  readMetadata,
  readResult,
  readResumeTarget,
  type Session,
} from '@csa/session';
import { decide } from './decide.ts';
import type { DaemonFact } from './facts.ts';
import { isOurs, promisesOnce } from './published-once.ts';
import type { RecordsRead } from './source.ts';
import type { Settled } from './verdict.ts';

/** How a session has finished for good, and what was read to know it. */
export interface LastWord {
  /** Whether the supervisor lingers was not asked: `daemonAlive` is false. */
  readonly end: Extract<Settled, { kind: 'finished' }>;
  readonly records: RecordsRead;
}

/** Nobody has looked: what is published once counts whatever its writer does by now. */
const NOT_LOOKED_AT: DaemonFact = { state: 'unknown', reason: 'unproven-pid' };

/**
 * The verdict on a session of ours whose result is final, by its records alone, at half the price of a look: a list
 * passes over thousands of these. `undefined` says nothing but that a look is needed, at the supervisor first; a
 * verdict is the one that such a look would give.
 */
export function readLastWord(session: Session): LastWord | undefined {
  try {
    const word = readWord(session);
    return word !== undefined && isStillThere(session) ? word : undefined;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}

/** The order of a look, without the lifeline and the completion, neither of which changes what is final. */
function readWord(session: Session): LastWord | undefined {
  const daemon = readDaemon(session);
  if (!isOurs(daemon) || readResumeTarget(session).kind !== 'absent') return undefined;
  const result = readResult(session);
  if (result.kind !== 'present') return undefined;
  const metadata = readMetadata(session);
  const facts = {
    daemon: NOT_LOOKED_AT,
    completion: { kind: 'absent' },
    result,
    publishedOnce: promisesOnce(metadata),
  } as const;
  const end = decide({ ...facts, trustResult: false, capReached: false });
  return end.kind === 'finished' ? { end, records: { daemon, metadata } } : undefined;
}
