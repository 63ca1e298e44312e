import { describeDuration } from '../duration.ts';
import type { Hints, HintTarget } from '../hints.ts';
import { formatTable } from '../table.ts';
import type { WaitedSession } from '../wait/wait-session.ts';
import { type Aftermath, aftermathRows } from './aftermath.ts';
import { describeFacts, describeRow } from './explain.ts';
import type { SessionView } from './session-view.ts';

/** A session's status for people: what it is, then where its files are, then what to run next. */
export function statusLines(
  view: SessionView,
  looked: WaitedSession & { readonly aftermath: Aftermath },
  hints: Hints,
  target: HintTarget,
): string[] {
  const next = { alive: 'wait', unknown: 'wait', finished: 'result', dead: 'logs' }[view.state];
  const outcome =
    view.state === 'finished'
      ? ` ${view.status}, exit ${view.session_exit}${view.exit === view.session_exit ? '' : ` (a wait exits with ${view.exit})`}`
      : '';
  const reason = view.reason === null ? '' : ` (${view.reason})`;
  const rows: Array<[string, string | undefined]> = [
    ['session', view.id],
    ['resolved', view.resolved ?? undefined],
    ['state', `${view.state}${outcome}${reason}${looked.stalled ? ', its supervisor is stopped (SIGSTOP)' : ''}`],
    ['survivor', looked.survivor === undefined ? undefined : `process ${looked.survivor} of the command still runs`],
    ['tool', view.tool || undefined],
    ['description', view.description || undefined],
    ['started', view.started_at],
    ['elapsed', describeDuration(view.elapsed_ms)],
    ['idle', view.idle_ms === null ? undefined : describeDuration(view.idle_ms)],
    ['supervisor', view.supervisor_pid === null ? undefined : `process ${view.supervisor_pid}`],
    ['command', view.command_pid === null ? undefined : `process ${view.command_pid}`],
    ...aftermathRows(looked.aftermath),
    ['directory', view.directory],
    ['stdout', view.stdout_log],
    ['stderr', view.stderr_log],
    ['next', hints.session(looked.survivor === undefined ? next : 'stop', target)],
  ];
  return formatTable(rows.filter((row): row is [string, string] => row[1] !== undefined));
}

/** Why the status is what it is, and how long a wait from here would last. */
export function explainStatus({ waited }: WaitedSession, cap: string): string[] {
  return [
    '',
    'facts:',
    ...(waited.facts === undefined ? ['none'] : describeFacts(waited.facts)).map((line) => `  ${line}`),
    `rule: ${describeRow(waited.end)}`,
    `cap of a wait from here: ${cap}`,
  ];
}
