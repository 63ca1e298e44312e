import { cleanLine, formatMarker, isPrintableWord } from '@csa/markers';
import { exitCodeOf, NO_ANSWER_EXIT } from '../exit-code.ts';
import type { Hints, HintTarget } from '../hints.ts';
import { answer, type Report } from '../report.ts';
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

export interface ManyForm {
  readonly json: boolean;
  readonly project?: string | undefined;
  readonly leftOut?: HintTarget | undefined;
  readonly hints: Hints;
}

const MAX_MESSAGE_BYTES = 600;

export function stopReport(end: StopEnd, json: boolean): Report {
  return answer([json ? JSON.stringify({ schema: 'csa.session-stop/1', ...fieldsOf(end) }) : lineOf(end)]);
}

/** Each session on its own line; the exit code is 0 only if every one has ended. */
export function stopManyReport(attempts: readonly StopAttempt[], form: ManyForm): Report {
  const failures = attempts.filter(({ kind }) => kind === 'failed').length;
  const exitCode = failures === 0 ? 0 : NO_ANSWER_EXIT;
  const message = failures === 0 ? null : `${failures} of ${attempts.length} sessions could not be stopped`;
  if (form.json) return { ...answer([JSON.stringify(manyDocument(attempts, message, form))]), exitCode };
  const told =
    message === null ? [] : [`csa: ${message}. Look at what is said of each.`, failureMarker(failures, form)];
  return { ...answer(attempts.map(attemptLine), [...notes(attempts, form), ...told]), exitCode };
}

function lineOf(end: StopEnd): string {
  const { stopped, status, exit } = fieldsOf(end);
  if (end.kind === 'was dead already') return `${end.id} ${stopped}`;
  const left = end.pids.length === 0 ? '' : `; ended what was left of it: ${end.pids.join(' ')}`;
  const unrecorded =
    end.unrecorded === undefined ? '' : `; who asked and why could not be recorded (${end.unrecorded})`;
  return `${end.id} ${stopped}: ${status}, exit ${exit}${left}${unrecorded}`;
}

function fieldsOf(end: StopEnd): StopFields {
  const { id, kind, pids } = end;
  if (kind === 'was dead already') {
    const ended = pids.length === 0 ? 'nothing of it runs' : `ended what had outlived it: ${pids.join(' ')}`;
    return { session: id, stopped: `${kind}, ${ended}`, status: null, exit: null, pids };
  }
  return { session: id, stopped: kind, status: cleanLine(end.outcome.status), exit: exitCodeOf(end.outcome), pids };
}

function attemptLine(attempt: StopAttempt): string {
  if (attempt.kind === 'ended') return lineOf(attempt.end);
  return `${cleanLine(attempt.id)} not stopped (${attempt.reason}): ${cleanLine(attempt.message, MAX_MESSAGE_BYTES)}`;
}

function notes(attempts: readonly StopAttempt[], { leftOut, project, hints }: ManyForm): string[] {
  const nothing = attempts.length === 0 ? [`Nothing to stop in ${cleanLine(project ?? '')}.`] : [];
  if (leftOut === undefined) return nothing;
  const command = hints.session('stop', leftOut);
  return [...nothing, `Left out: ${leftOut.id}, in which this very stop runs. To stop it too: ${command}`];
}

function failureMarker(failures: number, { hints, project }: ManyForm): string {
  const place = project !== undefined && isPrintableWord(project) ? ['--cd', project] : [];
  return formatMarker('SESSION_ERROR', [
    ['reason', 'not-all-stopped'],
    ['cmd', hints.command(['session', 'list', ...place])],
    ['failed', failures],
  ]);
}

function manyDocument(attempts: readonly StopAttempt[], message: string | null, { leftOut }: ManyForm): object {
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
  if (attempt.kind === 'ended') return { ...fieldsOf(attempt.end), reason: null, message: null };
  const { id, reason, message } = attempt;
  const unknown = { stopped: null, status: null, exit: null, pids: [] };
  return { session: cleanLine(id), ...unknown, reason, message: cleanLine(message, MAX_MESSAGE_BYTES) };
}
