import { cleanLine } from '@csa/markers';
import { exitCodeOf, NO_ANSWER_EXIT } from '../exit-code.ts';
import type { HintTarget } from '../hints.ts';
import type { StopAttempt } from './stop-many.ts';
import type { StopEnd } from './stop-session.ts';

/** The fields of one session in the documents of a stop. */
interface StopFields {
  readonly session: string;
  readonly stopped: string | null;
  readonly status: string | null;
  readonly exit: number | null;
  readonly pids: readonly number[];
}

/** How much of a failure's message is told. */
export const MAX_MESSAGE_BYTES = 600;

/** The one JSON document of a stop of one session. */
export function stopDocument(end: StopEnd): object {
  return { schema: 'csa.session-stop/1', ...stopFields(end) };
}

/** How many of several could not be stopped, in words; `null`: every one has ended. */
export function notAllStopped(attempts: readonly StopAttempt[]): string | null {
  const failures = attempts.filter(({ kind }) => kind === 'failed').length;
  return failures === 0 ? null : `${failures} of ${attempts.length} sessions could not be stopped`;
}

/** The one JSON document of a stop of several. `leftOut`: the one in which the stop itself runs. */
export function stopManyDocument(attempts: readonly StopAttempt[], leftOut: HintTarget | undefined): object {
  const message = notAllStopped(attempts);
  return {
    schema: 'csa.session-stop-many/1',
    exit: message === null ? 0 : NO_ANSWER_EXIT,
    reason: message === null ? null : 'not-all-stopped',
    message,
    left_out: leftOut?.id ?? null,
    sessions: attempts.map(attemptFields),
  };
}

function attemptFields(attempt: StopAttempt): object {
  if (attempt.kind === 'ended') return { ...stopFields(attempt.end), reason: null, message: null };
  const { id, reason, message } = attempt;
  const unknown = { stopped: null, status: null, exit: null, pids: [] };
  return { session: cleanLine(id), ...unknown, reason, message: cleanLine(message, MAX_MESSAGE_BYTES) };
}

/** What became of one session. */
export function stopFields(end: StopEnd): StopFields {
  const { id, kind, pids } = end;
  if (kind === 'was dead already') {
    const ended = pids.length === 0 ? 'nothing of it runs' : `ended what had outlived it: ${pids.join(' ')}`;
    return { session: id, stopped: `${kind}, ${ended}`, status: null, exit: null, pids };
  }
  return { session: id, stopped: kind, status: cleanLine(end.outcome.status), exit: exitCodeOf(end.outcome), pids };
}
