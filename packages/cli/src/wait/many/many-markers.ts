import {
  judgeMany,
  type ManyEnding,
  type ManyStory,
  type ManyVerdict,
  type MemberStory,
  nextWaitForMany,
  reasonOf,
  sameWaitForMany,
  waitForRest,
} from '@csa/calls/many';
import type { NextWait } from '@csa/calls/wait';
import { type AttributeValue, formatMarker } from '@csa/markers';
import { nextAttributes } from '../next-attributes.ts';
import { memberLines } from './member-lines.ts';

type Attributes = Array<readonly [string, AttributeValue]>;

interface StatusMarker {
  readonly name: string;
  readonly attributes: (many: ManyStory, verdict: ManyVerdict) => Attributes;
}

/** The one status marker, by how the wait ended. */
const STATUS: Readonly<Record<ManyEnding, StatusMarker>> = {
  completed: { name: 'SESSION_WAIT_COMPLETED', attributes: completed },
  alive: { name: 'SESSION_WAIT_KV_WARM', attributes: alive },
  dead: { name: 'SESSION_WAIT_TIMEOUT', attributes: dead },
  unknown: { name: 'SESSION_WAIT_UNKNOWN', attributes: unknown },
  error: { name: 'SESSION_WAIT_ERROR', attributes: failed },
  interrupted: { name: 'SESSION_WAIT_INTERRUPTED', attributes: interrupted },
};

/** The markers of the end of a wait for several: a line for each session, as far as they fit, then one status. */
export function manyMarkers(many: ManyStory): string[] {
  const verdict = judgeMany(many);
  const { lines, omitted } = memberLines(many.members);
  const { name, attributes } = STATUS[verdict.ending];
  const left: Attributes = [['omitted', omitted === 0 ? undefined : omitted]];
  return [
    ...lines,
    ...(verdict.ending === 'alive' ? [callerHint(many, verdict)] : []),
    formatMarker(name, [...attributes(many, verdict), ...left]),
  ];
}

function completed(many: ManyStory, verdict: ManyVerdict): Attributes {
  return [
    ...tallyOf(verdict),
    ['status', verdict.exitCode === 0 ? 'success' : 'failure'],
    ['exit', verdict.exitCode],
    ['synthetic', false],
    ...decidedBy(verdict),
    ['elapsed', elapsed(many)],
    ['rest_cmd', waitForRest(many)],
  ];
}

function alive(many: ManyStory, verdict: ManyVerdict): Attributes {
  return [
    ...tallyOf(verdict),
    ['status', 'alive'],
    ['exit', verdict.exitCode],
    ['elapsed', elapsed(many)],
    ...nextAttributes(nextWaitForMany(many), many.cap),
  ];
}

function dead(many: ManyStory, verdict: ManyVerdict): Attributes {
  return [
    ...tallyOf(verdict),
    ['elapsed', elapsed(many)],
    ['status', 'dead'],
    ['exit', verdict.exitCode],
    ...decidedBy(verdict),
    ['cmd', explain(many, verdict.decidedBy)],
    ['rest_cmd', waitForRest(many)],
  ];
}

function unknown(many: ManyStory, verdict: ManyVerdict): Attributes {
  return [
    ...tallyOf(verdict),
    ['status', 'unknown'],
    ['exit', verdict.exitCode],
    ['elapsed', elapsed(many)],
    ['action', 're-wait'],
    ['cmd', sameWaitForMany(many)],
    ...decidedBy(verdict),
    ['reason', reasonOf(verdict.decidedBy)],
  ];
}

function failed(many: ManyStory, verdict: ManyVerdict): Attributes {
  return [
    ['reason', reasonOf(verdict.decidedBy)],
    ...tallyOf(verdict),
    ['exit', verdict.exitCode],
    ...decidedBy(verdict),
    ['cmd', many.hints.command(['session', 'list'])],
    ['rest_cmd', waitForRest(many)],
  ];
}

function interrupted(many: ManyStory, verdict: ManyVerdict): Attributes {
  const isSignal = many.interruption !== 'parent-gone';
  return [
    ...tallyOf(verdict),
    ['status', verdict.tally.alive > 0 ? 'alive' : 'unknown'],
    ['exit', verdict.exitCode],
    ['signal', isSignal ? many.interruption : undefined],
    ['reason', isSignal ? undefined : many.interruption],
    ['cmd', sameWaitForMany(many)],
  ];
}

function callerHint(many: ManyStory, verdict: ManyVerdict): string {
  return formatMarker('CALLER_HINT', [
    // In quotes, as programs look for it that know the older one's.
    ['action', { quoted: 'retry_wait' }],
    ['rule', ruleOf(verdict, nextWaitForMany(many))],
  ]);
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

function elapsed({ elapsedMs }: ManyStory): string {
  return `${Math.floor(elapsedMs / 1_000)}s`;
}
