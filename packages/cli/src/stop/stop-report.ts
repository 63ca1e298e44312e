import { type Hints, type HintTarget, NO_ANSWER_EXIT } from '@csa/calls';
import {
  MAX_MESSAGE_BYTES,
  notAllStopped,
  type StopAttempt,
  type StopEnd,
  stopDocument,
  stopFields,
  stopManyDocument,
} from '@csa/calls/stop';
import { cleanLine, formatMarker, isPrintableWord } from '@csa/markers';
import { answer, type Report } from '../report.ts';

export interface ManyForm {
  readonly json: boolean;
  readonly project?: string | undefined;
  readonly leftOut?: HintTarget | undefined;
  readonly hints: Hints;
}

export function stopReport(end: StopEnd, json: boolean): Report {
  return answer([json ? JSON.stringify(stopDocument(end)) : lineOf(end)]);
}

/** Each session on its own line; the exit code is 0 only if every one has ended. */
export function stopManyReport(attempts: readonly StopAttempt[], form: ManyForm): Report {
  const failures = attempts.filter(({ kind }) => kind === 'failed').length;
  const exitCode = failures === 0 ? 0 : NO_ANSWER_EXIT;
  const message = notAllStopped(attempts);
  if (form.json) return { ...answer([JSON.stringify(stopManyDocument(attempts, form.leftOut))]), exitCode };
  const told =
    message === null ? [] : [`csa: ${message}. Look at what is said of each.`, failureMarker(failures, form)];
  return { ...answer(attempts.map(attemptLine), [...notes(attempts, form), ...told]), exitCode };
}

function lineOf(end: StopEnd): string {
  const { stopped, status, exit } = stopFields(end);
  if (end.kind === 'was dead already') return `${end.id} ${stopped}`;
  const left = end.pids.length === 0 ? '' : `; ended what was left of it: ${end.pids.join(' ')}`;
  const unrecorded =
    end.unrecorded === undefined ? '' : `; who asked and why could not be recorded (${end.unrecorded})`;
  return `${end.id} ${stopped}: ${status}, exit ${exit}${left}${unrecorded}`;
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
