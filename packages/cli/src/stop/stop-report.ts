import { cleanLine } from '@csa/markers';
import { Refusal, type SessionId } from '@csa/session';
import type { Outcome, WaitEnd } from '@csa/wait';
import { exitCodeOf } from '../exit-code.ts';
import { type HintTarget, targetWords } from '../hints.ts';
import { answer, type Report } from '../report.ts';

/** Which session a stop was about, and in which form its answer is wanted. */
export interface StopForm {
  readonly id: SessionId;
  readonly target: HintTarget;
  readonly json: boolean;
}

/** A stop whose session has a record now; `pids` are what was left of it and has been ended. */
export function endedReport(
  what: 'stopped' | 'had finished already',
  outcome: Outcome,
  { id, json }: StopForm,
  pids: readonly number[] = [],
): Report {
  const status = cleanLine(outcome.status);
  const exit = exitCodeOf(outcome);
  const document = { schema: 'csa.session-stop/1', session: id, stopped: what, status, exit, pids };
  const left = pids.length === 0 ? '' : `; ended what was left of it: ${pids.join(' ')}`;
  return answer([json ? JSON.stringify(document) : `${id} ${what}: ${status}, exit ${exit}${left}`]);
}

/** A stop of what had outlived its supervisor; `pids` were ended. */
export function survivorsReport(pids: readonly number[], { id, json }: StopForm): Report {
  const ended = pids.length === 0 ? 'nothing of it runs' : `ended what had outlived it: ${pids.join(' ')}`;
  const stopped = `was dead already, ${ended}`;
  const document = { schema: 'csa.session-stop/1', session: id, stopped, status: null, exit: null, pids };
  return answer([json ? JSON.stringify(document) : `${id} ${stopped}`]);
}

/** What cannot be followed or told from something else is not stopped by guess. */
export function unknownState(end: WaitEnd, form: StopForm): Refusal {
  const why = 'reason' in end && end.reason !== undefined ? end.reason : end.kind;
  return refusal(form, {
    reason: end.kind === 'undetermined' ? 'unknown-liveness' : why,
    what: `nothing was stopped: nobody can say what session ${form.id} is now`,
    expected: 'a session that is alive or dead',
    got: why,
    next: 'Look at it; a session that has just been started can be stopped a moment later',
  });
}

/** Processes that not even SIGKILL has ended. */
export function unkillable(left: readonly number[], form: StopForm): Refusal {
  return refusal(form, {
    reason: 'still-running',
    what: `processes of session ${form.id} cannot be ended`,
    expected: 'none left',
    got: left.join(' '),
    next: 'Look at these processes',
  });
}

/** The supervisor was told, and there is no record. */
export function unrecorded(end: WaitEnd, form: StopForm): Refusal {
  return refusal(form, {
    reason: end.kind === 'dead' ? 'no-record' : 'still-running',
    what: `the supervisor of session ${form.id} was told to stop, and left no record`,
    expected: 'a record within the grace and 20 s',
    got: end.kind === 'dead' ? 'a dead supervisor' : `a session that is ${end.kind}`,
    next: 'Look at it, and stop it again with --signal KILL',
  });
}

type Words = Record<'reason' | 'what' | 'expected' | 'got' | 'next', string>;

function refusal({ target }: StopForm, words: Words): Refusal {
  return new Refusal({ ...words, command: ['session', 'status', ...targetWords(target), '--explain'] });
}
