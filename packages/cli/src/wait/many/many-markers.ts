import { type AttributeValue, formatMarker } from '@csa/markers';
import { formatDuration } from '../../duration.ts';
import { type NextWait, nextWaitAs } from '../next-wait.ts';
import {
  judgeMany,
  type ManyStory,
  type ManyVerdict,
  type MemberStory,
  sameWaitForMany,
  stateOfMember,
  waitForRest,
} from './many-story.ts';
import { memberLines } from './member-lines.ts';

type Attributes = Array<readonly [string, AttributeValue]>;

/** A command that names hundreds of sessions is printed once, not twice. */
const LONG_COMMAND_BYTES = 2_000;

/** The markers of the end of a wait for several: a line for each session, as far as they fit, then one status. */
export function manyMarkers(many: ManyStory): string[] {
  const verdict = judgeMany(many);
  const { lines, omitted } = memberLines(many.members);
  const left: Attributes = omitted === 0 ? [] : [['omitted', omitted]];
  return [...lines, ...statusMarkers(many, verdict, left)];
}

function statusMarkers(many: ManyStory, verdict: ManyVerdict, left: Attributes): string[] {
  const common = { tally: tallyOf(verdict), decidedBy: decidedBy(verdict), rest: restOf(many) };
  switch (verdict.ending) {
    case 'completed':
      return [
        formatMarker('SESSION_WAIT_COMPLETED', [
          ...common.tally,
          ['status', verdict.exitCode === 0 ? 'success' : 'failure'],
          ['exit', verdict.exitCode],
          ['synthetic', false],
          ...common.decidedBy,
          ['elapsed', elapsed(many)],
          ...common.rest,
          ...left,
        ]),
      ];
    case 'alive':
      return aliveMarkers(many, verdict, left);
    case 'dead':
      return [
        formatMarker('SESSION_WAIT_TIMEOUT', [
          ...common.tally,
          ['elapsed', elapsed(many)],
          ['status', 'dead'],
          ['exit', verdict.exitCode],
          ...common.decidedBy,
          ['cmd', explain(many, verdict.decidedBy)],
          ...common.rest,
          ...left,
        ]),
      ];
    case 'unknown':
      return [
        formatMarker('SESSION_WAIT_UNKNOWN', [
          ...common.tally,
          ['status', 'unknown'],
          ['exit', verdict.exitCode],
          ['elapsed', elapsed(many)],
          ['action', 're-wait'],
          ['cmd', sameWaitForMany(many)],
          ...common.decidedBy,
          ['reason', reasonOf(verdict.decidedBy)],
          ...left,
        ]),
      ];
    case 'error':
      return [
        formatMarker('SESSION_WAIT_ERROR', [
          ['reason', reasonOf(verdict.decidedBy)],
          ...common.tally,
          ['exit', verdict.exitCode],
          ...common.decidedBy,
          ['cmd', many.hints.command(['session', 'list'])],
          ...common.rest,
          ...left,
        ]),
      ];
    case 'interrupted':
      return [interruptedMarker(many, verdict, left)];
  }
}

function aliveMarkers(many: ManyStory, verdict: ManyVerdict, left: Attributes): string[] {
  const next = nextWaitForMany(many);
  const { capMs, source } = many.cap;
  const isLong = Buffer.byteLength(next.cmd) > LONG_COMMAND_BYTES;
  const hint = formatMarker('CALLER_HINT', [
    // In quotes, as programs look for it that know the older one's.
    ['action', { quoted: 'retry_wait' }],
    ['rule', ruleOf(verdict, next)],
  ]);
  const status = formatMarker('SESSION_WAIT_KV_WARM', [
    ...tallyOf(verdict),
    ['status', 'alive'],
    ['exit', verdict.exitCode],
    ['elapsed', elapsed(many)],
    ['action', next.action],
    ['cmd', next.cmd],
    ['full_cmd', isLong ? undefined : next.fullCmd],
    ['run_in_background', next.action === 'background' ? true : undefined],
    ['tool_timeout_ms', isLong && next.fullCmd !== undefined ? undefined : next.toolTimeoutMs],
    ['cap', capMs === undefined ? 'until-done' : formatDuration(capMs)],
    ['cap_source', source],
    ...left,
  ]);
  return [hint, status];
}

/** What an agent must know before it reads the marker: living sessions are no failure, and no end. */
function ruleOf({ exitCode, tally }: ManyVerdict, { action }: NextWait): string {
  const what =
    tally.failed > 0
      ? `exit ${exitCode} is of a session that failed; ${tally.alive} alive`
      : `exit ${exitCode} is healthy: ${tally.alive} alive`;
  const how = action === 'background' ? 'once in the background' : 'again in a fresh shell call';
  return `${what}; run cmd ${how}; do not start them again`;
}

/** The next command while sessions live. */
export function nextWaitForMany(many: ManyStory): NextWait {
  // A living session is always one that can be named.
  return nextWaitAs(many.cap, (flags) => sameWaitForMany(many, flags) ?? many.hints.command(['session', 'list']));
}

function interruptedMarker(many: ManyStory, verdict: ManyVerdict, left: Attributes): string {
  const isSignal = many.interruption !== 'parent-gone';
  return formatMarker('SESSION_WAIT_INTERRUPTED', [
    ...tallyOf(verdict),
    ['status', verdict.tally.alive > 0 ? 'alive' : 'unknown'],
    ['exit', verdict.exitCode],
    ['signal', isSignal ? many.interruption : undefined],
    ['reason', isSignal ? undefined : many.interruption],
    ['cmd', sameWaitForMany(many)],
    ...left,
  ]);
}

/** How the wait goes on where this answer was not about all: the others, or all where the need is not met. */
function restOf(many: ManyStory): Attributes {
  if (many.outcome === 'met') return [['rest_cmd', waitForRest(many)]];
  const isOpen = many.members.some((member) => ['alive', 'unknown'].includes(stateOfMember(member)));
  return [['rest_cmd', isOpen ? sameWaitForMany(many) : undefined]];
}

function tallyOf({ tally }: ManyVerdict): Attributes {
  return [
    ['sessions', tally.sessions],
    ['finished', tally.finished],
    ['alive', tally.alive],
    ['failed', tally.failed],
    ['dead', tally.dead === 0 ? undefined : tally.dead],
    ['unknown', tally.unknown === 0 ? undefined : tally.unknown],
  ];
}

function decidedBy({ decidedBy: member }: ManyVerdict): Attributes {
  return [['decided_by', member?.story.session]];
}

function explain({ hints }: ManyStory, member: MemberStory | undefined): string | undefined {
  return member === undefined ? undefined : hints.session('status', member.story.target, ['--explain']);
}

/** Why nothing can be said of it. */
export function reasonOf(member: MemberStory | undefined): string | undefined {
  const end = member?.story.waited.end;
  if (end?.kind === 'lost') return 'registry-lost';
  if (end?.kind === 'undetermined' || end?.kind === 'alias-trouble') return end.reason;
  return undefined;
}

function elapsed({ elapsedMs }: ManyStory): string {
  return `${Math.floor(elapsedMs / 1_000)}s`;
}
