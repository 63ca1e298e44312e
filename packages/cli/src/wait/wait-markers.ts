import { signalOf } from '@csa/calls';
import { type NextWait, nextWait, sameWait, type WaitStory } from '@csa/calls/wait';
import { type AttributeValue, formatMarker } from '@csa/markers';
import type { WaitEnd } from '@csa/wait';
import { boundEscaped, boundReason, boundStatus } from '../bounded-value.ts';
import { nextAttributes } from './next-attributes.ts';

type Attributes = Array<readonly [string, AttributeValue]>;
type EndOf<K extends WaitEnd['kind']> = Extract<WaitEnd, { kind: K }>;

const MAX_SUMMARY_BYTES = 400;
/** What the id of a wrapper's target takes from the line. */
const RESOLVED_BYTES = 40;

/** What an agent must know before it reads the marker: this ending is no failure, and no end. */
const RULES = {
  're-wait': 'run cmd again in a fresh shell call; do not start it again',
  background: 'run cmd once in the background; do not start it again',
};

/** The markers of a wait's end; the last one is the status. */
export function waitMarkers(story: WaitStory, exitCode: number): string[] {
  const { end } = story.waited;
  switch (end.kind) {
    case 'finished':
      return [resultMarker(story, end), completedMarker(story, end, exitCode)];
    case 'alive':
      return aliveMarkers(story, end);
    case 'dead':
      return [timeoutMarker(story)];
    case 'undetermined':
      return [unknownMarker(story, end)];
    case 'interrupted':
      return [interruptedMarker(story, end)];
    case 'lost':
      return [errorMarker(story, 'registry-lost')];
    case 'alias-trouble':
      return [errorMarker(story, end.reason)];
  }
}

function resultMarker(story: WaitStory, { outcome, reason }: EndOf<'finished'>): string {
  return formatMarker('SESSION_RESULT', [
    ...identity(story),
    ['status', boundStatus(outcome.status)],
    ['session_exit', outcome.exitCode],
    ['signal', signalOf(outcome)],
    [
      'summary',
      boundEscaped(outcome.summary ?? '', MAX_SUMMARY_BYTES - (story.resolved === undefined ? 0 : RESOLVED_BYTES)),
    ],
    ['reason', reason ?? boundReason(outcome.detail)],
    ['result_cmd', story.hints.session('result', story.target)],
    ['logs_cmd', story.hints.session('logs', story.target)],
  ]);
}

function completedMarker(story: WaitStory, end: EndOf<'finished'>, exitCode: number): string {
  const { outcome } = end;
  return formatMarker('SESSION_WAIT_COMPLETED', [
    ...identity(story),
    ['status', boundStatus(outcome.status)],
    ['exit', exitCode],
    ['synthetic', false],
    ['source', end.source],
    ['session_exit', outcome.exitCode === exitCode ? undefined : outcome.exitCode],
    ['process_exit', outcome.success ? outcome.processExitCode : undefined],
    ['signal', signalOf(outcome)],
    ['reason', end.reason ?? boundReason(outcome.detail)],
    ['daemon', end.daemonAlive ? 'alive' : undefined],
    ['elapsed', elapsed(story)],
  ]);
}

function aliveMarkers(story: WaitStory, end: EndOf<'alive'>): string[] {
  const next = nextWait(story);
  const hint = formatMarker('CALLER_HINT', [
    // In quotes, as programs look for it that know the older one's.
    ['action', { quoted: 'retry_wait' }],
    ['rule', `exit ${story.aliveExitCode} is healthy: the session is alive; ${RULES[next.action]}`],
  ]);
  return [hint, kvWarmMarker(story, end, next)];
}

function kvWarmMarker(story: WaitStory, end: EndOf<'alive'>, next: NextWait): string {
  return formatMarker('SESSION_WAIT_KV_WARM', [
    ...identity(story),
    ['status', 'alive'],
    ['elapsed', elapsed(story)],
    ...nextAttributes(next, story.cap),
    ['idle', story.idleMs === undefined ? undefined : seconds(story.idleMs)],
    ...provisional(end.provisional),
    ['stalled', story.stalled ? true : undefined],
  ]);
}

function timeoutMarker(story: WaitStory): string {
  return formatMarker('SESSION_WAIT_TIMEOUT', [
    ...identity(story),
    ['elapsed', elapsed(story)],
    ['status', 'dead'],
    ['cmd', story.hints.session('status', story.target, ['--explain'])],
    ['survivor', story.survivor],
    ['stop_cmd', story.survivor === undefined ? undefined : story.hints.session('stop', story.target)],
  ]);
}

function unknownMarker(story: WaitStory, end: EndOf<'undetermined'>): string {
  return formatMarker('SESSION_WAIT_UNKNOWN', [
    ...identity(story),
    ['status', 'unknown'],
    ['elapsed', elapsed(story)],
    ['action', 're-wait'],
    ['cmd', sameWait(story)],
    ['reason', end.reason],
    // An alias leaves no room for the hint; standard error has it in words.
    ...provisional(end.provisional).filter(([key]) => key !== 'hint' || story.resolved === undefined),
  ]);
}

function interruptedMarker(story: WaitStory, end: EndOf<'interrupted'>): string {
  const { interruption } = story;
  const isSignal = interruption !== 'parent-gone';
  return formatMarker('SESSION_WAIT_INTERRUPTED', [
    ...identity(story),
    ['status', end.daemon],
    ['signal', isSignal ? interruption : undefined],
    ['reason', isSignal ? undefined : interruption],
    ['cmd', sameWait(story)],
    ['stop_cmd', story.hints.session('stop', story.target)],
  ]);
}

function errorMarker(story: WaitStory, reason: string): string {
  return formatMarker('SESSION_WAIT_ERROR', [
    ['reason', reason],
    ...identity(story),
    ['cmd', story.hints.command(['session', 'list'])],
  ]);
}

function identity({ session, resolved }: WaitStory): Attributes {
  return [
    ['session', session],
    ['resolved', resolved],
  ];
}

/** A foreign daemon's result that it may still rewrite; the flag that takes it as it is stands beside it. */
function provisional(status: string | undefined): Attributes {
  if (status === undefined) return [];
  return [
    ['result', 'provisional'],
    ['result_status', boundStatus(status)],
    ['hint', '--trust-result'],
  ];
}

function elapsed(story: WaitStory): string {
  return seconds(story.waited.elapsedMs);
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1_000)}s`;
}
