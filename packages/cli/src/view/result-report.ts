import { type ResultFacts, resultDocument } from '@csa/calls/view';
import { cleanLine, cleanText } from '@csa/markers';
import type { Outcome } from '@csa/wait';
import { answer, type Report } from '../report.ts';
import { formatTable } from '../table.ts';
import { aftermathRows } from './aftermath-rows.ts';

export interface ResultForm extends ResultFacts {
  readonly form: 'full' | 'summary' | 'json';
  readonly logsCommand: string;
}

export function resultReport(outcome: Outcome, shown: ResultForm): Report {
  const summary = cleanText(outcome.summary ?? '');
  switch (shown.form) {
    case 'summary':
      return answer(summary === '' ? [] : [summary]);
    case 'json':
      return answer([JSON.stringify(resultDocument(outcome, shown))]);
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

function line(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cleanLine(text);
}
