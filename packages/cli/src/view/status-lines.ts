import { styleText } from 'node:util';
import { describeDuration, type Hints, type HintTarget } from '@csa/calls';
import type { WaitedSession } from '@csa/calls/look';
import type { StatusView } from '@csa/calls/status';
import type { RecordEntry, Resources } from '@csa/calls/view';
import { describeBytes } from '../bytes.ts';
import { formatTable } from '../table.ts';
import { warmLine } from '../warm/status/warm-words.ts';
import { aftermathRows } from './aftermath-rows.ts';
import { describeFacts, describeRow } from './explain.ts';
import { stateStyle } from './state-style.ts';

type Row = readonly [string, string | undefined];

/** Most sessions have none of these: said only where one is there. */
const SELDOM = new Set([
  '.result.reserved',
  'stop-request.toml',
  'resume-target.toml',
  'output.log',
  'output/result.toml',
  'supervisor.log',
  '.complete',
]);

export interface StatusForm {
  readonly hints: Hints;
  readonly target: HintTarget;
  readonly hasColour: boolean;
}

/** A session's status for people: what it is, what happened, where its files are, what to run next; then its record. */
export function statusLines(view: StatusView, { hints, target, hasColour }: StatusForm): string[] {
  const next = { alive: 'wait', unknown: 'wait', finished: 'result', dead: 'logs' }[view.state];
  const rows: Row[] = [
    ['session', view.id],
    ['resolved', view.resolved ?? undefined],
    ['state', hasColour ? painted(stateWords(view), view) : stateWords(view)],
    ['survivor', view.survivor === null ? undefined : `process ${view.survivor} of the command still runs`],
    ...happened(view),
    ['supervisor', view.supervisor_pid === null ? undefined : `process ${view.supervisor_pid}`],
    ['command', view.command_pid === null ? undefined : `process ${view.command_pid}`],
    ['processes', view.resources === null ? undefined : resourceWords(view.resources)],
    ...(view.warm ?? []).map((warm): Row => ['warm', warmLine(warm)]),
    ['directory', view.directory],
    ['stdout', view.stdout_log],
    ['stderr', view.stderr_log],
    ['next', hints.session(view.survivor === null ? next : 'stop', target)],
  ];
  const known = rows.filter((row): row is [string, string] => row[1] !== undefined);
  return [...formatTable(known), '', 'record:', ...recordLines(view.record)];
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

function painted(words: string, view: StatusView): string {
  const style = stateStyle(view);
  return style === undefined ? words : styleText(style, words, { validateStream: false });
}

function stateWords({ state, status, exit, session_exit, reason, stalled }: StatusView): string {
  const passed = exit === session_exit ? '' : ` (a wait exits with ${exit})`;
  const outcome = state === 'finished' ? ` ${status}, exit ${session_exit}${passed}` : '';
  return `${state}${outcome}${reason === null ? '' : ` (${reason})`}${stalled ? ', its supervisor is stopped (SIGSTOP)' : ''}`;
}

function happened(view: StatusView): Row[] {
  const labels = Object.entries(view.labels).map(([key, value]) => `${key}=${value}`);
  return [
    ['tool', view.tool || undefined],
    ['description', view.description || undefined],
    ['labels', labels.length === 0 ? undefined : labels.join(', ')],
    ['project', view.project],
    ['resumes', view.resume_target ?? undefined],
    ['started', view.started_at],
    ['completed', view.completed_at ?? undefined],
    ['elapsed', describeDuration(view.elapsed_ms)],
    ['idle', view.idle_ms === null ? undefined : describeDuration(view.idle_ms)],
    ...aftermathRows(view),
  ];
}

function resourceWords({ processes, cpu_ms, resident_bytes }: Resources): string {
  return `${processes}, ${(cpu_ms / 1_000).toFixed(1)} s CPU, ${describeBytes(resident_bytes)} resident`;
}

function recordLines(record: readonly RecordEntry[]): string[] {
  const shown = record.filter(({ file, state }) => state !== 'absent' || !SELDOM.has(file));
  const rows = shown.map(({ file, state, bytes, age_ms, detail }) => [
    `  ${file}`,
    bytes === null ? state : describeBytes(bytes),
    age_ms === null ? '' : `${describeDuration(age_ms)} ago`,
    [state === 'present' || bytes === null ? '' : state, detail ?? ''].filter((text) => text !== '').join(': '),
  ]);
  return formatTable(rows);
}
