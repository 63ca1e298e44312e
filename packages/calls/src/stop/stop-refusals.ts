import { Refusal, type SessionId } from '@csa/session';
import type { WaitEnd } from '@csa/wait';
import { type HintTarget, targetWords } from '../hints.ts';

/** Which session a stop was about. */
export interface StopTarget {
  readonly id: SessionId;
  readonly target: HintTarget;
}

/** What cannot be followed or told from something else is not stopped by guess. */
export function unknownState(end: WaitEnd, it: StopTarget): Refusal {
  const why = 'reason' in end && end.reason !== undefined ? end.reason : end.kind;
  return refusal(it, {
    reason: end.kind === 'undetermined' ? 'unknown-liveness' : why,
    what: `nothing was stopped: nobody can say what session ${it.id} is now`,
    expected: 'a session that is alive or dead',
    got: why,
    next: 'Look at it; a session that has just been started can be stopped a moment later',
  });
}

/** Processes that not even SIGKILL has ended. */
export function unkillable(left: readonly number[], it: StopTarget): Refusal {
  return refusal(it, {
    reason: 'still-running',
    what: `processes of session ${it.id} cannot be ended`,
    expected: 'none left',
    got: left.join(' '),
    next: 'Look at these processes',
  });
}

/** The supervisor was told, and there is no record. */
export function unrecorded(end: WaitEnd, it: StopTarget): Refusal {
  return refusal(it, {
    reason: end.kind === 'dead' ? 'no-record' : 'still-running',
    what: `the supervisor of session ${it.id} was told to stop, and left no record`,
    expected: 'a record within the grace and 20 s',
    got: end.kind === 'dead' ? 'a dead supervisor' : `a session that is ${end.kind}`,
    next: 'Look at it, and stop it again with --signal KILL',
  });
}

type Words = Record<'reason' | 'what' | 'expected' | 'got' | 'next', string>;

function refusal({ target }: StopTarget, words: Words): Refusal {
  return new Refusal({ ...words, command: ['session', 'status', ...targetWords(target), '--explain'] });
}
