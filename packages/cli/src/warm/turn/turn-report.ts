import { formatDuration } from '@csa/calls';
import { type AttributeValue, formatMarker } from '@csa/markers';
import type { WaitEnd } from '@csa/wait';
import type { Report } from '../../report.ts';
import { waitMarkers } from '../../wait/wait-markers.ts';
import { report } from '../../wait/wait-report.ts';
import { type NextTurn, nextTurn } from './next-turn.ts';
import { turnJson } from './turn-json.ts';
import type { TurnStory } from './turn-story.ts';

const BECAUSE: Readonly<Record<NonNullable<NextTurn['because']>, string>> = {
  'past-break-even': 'By now every turn costs more than it saves.',
  'cut-short': 'Your cache outlives the longest call of your shell tool, so that a turn would end too early to pay.',
};

type Attributes = Array<readonly [string, AttributeValue]>;

/**
 * Words the end of a turn. Alive and finished have a marker of their own and exit 0: neither is the wait's verdict.
 * Everything else is said as a wait says it.
 */
export function turnReport(story: TurnStory): Report {
  const { end } = story.waited;
  const waited = report(story);
  const isOwn = end.kind === 'alive' || end.kind === 'finished';
  const exitCode = isOwn ? 0 : waited.exitCode;
  if (story.json)
    return { ...waited, exitCode, stdout: [JSON.stringify(turnJson(story, exitCode))], needsOutput: isOwn };
  if (end.kind === 'alive') {
    const next = nextTurn(story);
    return { exitCode, stdout: [aliveMarker(story, next)], stderr: aliveWords(waited, next), needsOutput: true };
  }
  if (end.kind !== 'finished') return waited;
  const [result = ''] = waitMarkers(story, exitCode);
  return { exitCode, stdout: [result, finishedMarker(story, end)], stderr: waited.stderr, needsOutput: true };
}

function aliveMarker(story: TurnStory, next: NextTurn): string {
  const { plan, stalled } = story;
  return formatMarker('SESSION_WARM', [
    ...identity(story),
    ['status', 'alive'],
    ['elapsed', seconds(story.waited.elapsedMs)],
    ['action', next.action],
    ['cmd', next.cmd],
    ['full_cmd', next.fullCmd],
    ['run_in_background', next.action === 'background' ? true : undefined],
    ['tool_timeout_ms', next.toolTimeoutMs],
    ['ttl', formatDuration(plan.ttl.ms)],
    ['ttl_source', plan.ttl.source],
    ['cache', plan.cache],
    ['stalled', stalled ? true : undefined],
  ]);
}

function finishedMarker(story: TurnStory, { outcome }: Extract<WaitEnd, { kind: 'finished' }>): string {
  return formatMarker('SESSION_WARM', [
    ...identity(story),
    ['status', 'finished'],
    ['outcome', outcome.success ? 'success' : 'failure'],
    ['session_exit', outcome.exitCode],
    ['elapsed', seconds(story.waited.elapsedMs)],
    ['action', 'collect'],
    ['cmd', story.hints.session('wait', story.target)],
  ]);
}

/** The last sentence of a wait names the wait; the one of a turn names what pays, and why. */
function aliveWords({ stderr }: Report, next: NextTurn): string[] {
  return [...stderr.slice(0, -1), `This is no failure. ${adviceOf(next)}`];
}

function adviceOf({ because, cmd }: NextTurn): string {
  return because === undefined
    ? `Go on with other work, and run this again as your next call: ${cmd}`
    : `${BECAUSE[because]} Wait once, in the background: ${cmd}`;
}

function identity({ session, resolved }: TurnStory): Attributes {
  return [
    ['session', session],
    ['resolved', resolved],
  ];
}

function seconds(ms: number): string {
  return `${Math.floor(ms / 1_000)}s`;
}
