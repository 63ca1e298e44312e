import { cleanLine, cleanText } from '@csa/markers';
import { Refusal } from '@csa/session';
import type { FailureReason, Outcome } from '@csa/wait';
import { targetWords } from '../hints.ts';
import type { Located } from '../locate.ts';
import { answer, type Report } from '../report.ts';
import { formatTable } from '../table.ts';
import type { WaitedSession } from '../wait/wait-session.ts';
import { type Aftermath, aftermathRows } from './aftermath.ts';
import type { SessionView } from './session-view.ts';

interface Finished {
  readonly outcome: Outcome;
  readonly reason?: FailureReason;
}

/** @throws Refusal reason=not-finished | no-result | unknown */
export function requireFinished({ waited: { end } }: WaitedSession, { session, target }: Located): Finished {
  if (end.kind === 'finished') return end;
  const where = targetWords(target);
  if (end.kind === 'dead') {
    throw new Refusal({
      reason: 'no-result',
      what: `session ${session.id} has no result and will have none`,
      expected: 'a recorded result',
      got: 'a dead supervisor that recorded nothing',
      next: 'Look at its logs',
      command: ['session', 'logs', ...where],
    });
  }
  throw new Refusal({
    reason: end.kind === 'alive' ? 'not-finished' : 'unknown',
    what: `session ${session.id} has no result yet`,
    expected: 'a finished session',
    got:
      end.kind === 'alive'
        ? 'one that is alive'
        : `one of which nothing can be said (${'reason' in end ? end.reason : end.kind})`,
    next: 'Wait for it',
    command: ['session', 'wait', ...where],
  });
}

export interface ResultForm {
  readonly view: SessionView;
  readonly reason?: FailureReason | undefined;
  readonly form: 'full' | 'summary' | 'json';
  readonly logsCommand: string;
  readonly aftermath: Aftermath;
}

export function resultReport(outcome: Outcome, shown: ResultForm): Report {
  const summary = cleanText(outcome.summary ?? '');
  switch (shown.form) {
    case 'summary':
      return answer(summary === '' ? [] : [summary]);
    case 'json':
      return answer([JSON.stringify(resultDocument(outcome, summary, shown))]);
    case 'full':
      return answer(resultLines(outcome, summary, shown));
  }
}

function resultLines(outcome: Outcome, summary: string, { view, logsCommand, aftermath }: ResultForm): string[] {
  const rows: Array<[string, string | undefined]> = [
    ['session', view.id],
    ['resolved', view.resolved ?? undefined],
    ['status', cleanLine(outcome.status)],
    ['exit', String(outcome.exitCode)],
    ['process exit', outcome.processExitCode === undefined ? undefined : String(outcome.processExitCode)],
    ['reason', view.reason ?? undefined],
    ['tool', view.tool || undefined],
    ['started', line(outcome.startedAt)],
    ['completed', line(outcome.completedAt)],
    ...aftermathRows(aftermath),
    ['directory', view.directory],
    ['logs', logsCommand],
    ['summary', summary.includes('\n') ? '' : summary],
  ];
  const lines = formatTable(rows.filter((row): row is [string, string] => row[1] !== undefined));
  return summary.includes('\n') ? [...lines, ...summary.split('\n').map((text) => `  ${text}`)] : lines;
}

function resultDocument(outcome: Outcome, summary: string, { view, reason, aftermath }: ResultForm): object {
  return {
    schema: 'csa.session-result/1',
    session: view.id,
    resolved: view.resolved,
    status: cleanLine(outcome.status),
    exit_code: outcome.exitCode,
    process_exit_code: outcome.processExitCode ?? null,
    success: outcome.success,
    reason: reason ?? view.reason,
    summary,
    tool: view.tool,
    started_at: line(outcome.startedAt) ?? null,
    completed_at: line(outcome.completedAt) ?? null,
    ...aftermath,
    directory: view.directory,
    stdout_log: view.stdout_log,
    stderr_log: view.stderr_log,
  };
}

function line(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cleanLine(text);
}
