import { Hints, signalOf } from '@csa/calls';
import { type MemberStory, rankOf, stateOfMember } from '@csa/calls/many';
import type { WaitStory } from '@csa/calls/wait';
import { type AttributeValue, formatMarker } from '@csa/markers';
import type { WaitEnd } from '@csa/wait';
import { boundEscaped, boundReason, boundStatus } from '../../bounded-value.ts';

type Attributes = Array<readonly [string, AttributeValue]>;
type EndOf<K extends WaitEnd['kind']> = Extract<WaitEnd, { kind: K }>;

/** What all lines together take, paths aside; the rest of the 2,048 bytes is the status marker's and its hint's. */
const LINES_BYTES = 1_300;
/** More never fit. */
const MOST_LINES = 16;

/** How much each line may say, the most generous first: bytes of a summary, and whether the logs are pointed at. */
interface Room {
  readonly failed: number;
  readonly fine: number;
  readonly logs: boolean;
}
const ROOMS: readonly Room[] = [
  { failed: 400, fine: 400, logs: true },
  { failed: 200, fine: 100, logs: true },
  { failed: 200, fine: 100, logs: false },
  { failed: 100, fine: 30, logs: false },
];
const NARROW: Room = { failed: 40, fine: 0, logs: false };

/**
 * One line for each session: those first that the answer is made of, and of those the failed ones, then dead, unknown
 * and living ones. They get shorter until all fit; what does not even then is left out.
 */
export function memberLines(members: readonly MemberStory[]): { lines: string[]; omitted: number } {
  const shown = inOrder(members).slice(0, MOST_LINES);
  const sizes = (room: Room): number[] => shown.map(({ story }) => Buffer.byteLength(line(bare(story), room)) + 1);
  const room = ROOMS.find((one) => shown.length === members.length && sum(sizes(one)) <= LINES_BYTES) ?? NARROW;
  const fitting = countFitting(sizes(room));
  return {
    lines: shown.slice(0, fitting).map(({ story }) => line(story, room)),
    omitted: members.length - fitting,
  };
}

/** The order in which people and agents want to hear of them. */
export function inOrder(members: readonly MemberStory[]): MemberStory[] {
  const rank = (member: MemberStory): number => (member.counts ? 0 : 10) + rankOf(stateOfMember(member));
  return members.toSorted((a, b) => rank(a) - rank(b));
}

/** Without its paths, which no bound can be set to. */
function bare(story: WaitStory): WaitStory {
  return { ...story, hints: new Hints(['csa']), target: { id: story.target.id } };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function countFitting(sizes: readonly number[]): number {
  let used = 0;
  const tooMany = sizes.findIndex((size) => {
    used += size;
    return used > LINES_BYTES;
  });
  return tooMany === -1 ? sizes.length : tooMany;
}

function line(story: WaitStory, room: Room): string {
  const { end } = story.waited;
  return end.kind === 'finished'
    ? formatMarker('SESSION_RESULT', resultAttributes(story, end, room))
    : formatMarker('SESSION_STATE', [...identity(story), ...stateAttributes(story, end)]);
}

function resultAttributes(story: WaitStory, { outcome, reason }: EndOf<'finished'>, room: Room): Attributes {
  const summary = boundEscaped(outcome.summary ?? '', outcome.success ? room.fine : room.failed);
  return [
    ...identity(story),
    ['status', boundStatus(outcome.status)],
    ['session_exit', outcome.exitCode],
    ['signal', signalOf(outcome)],
    ['summary', summary === '' ? undefined : summary],
    ['reason', reason ?? boundReason(outcome.detail)],
    ['result_cmd', story.hints.session('result', story.target)],
    ['logs_cmd', room.logs ? story.hints.session('logs', story.target) : undefined],
  ];
}

function stateAttributes(story: WaitStory, end: Exclude<WaitEnd, EndOf<'finished'>>): Attributes {
  const { hints, target, survivor, idleMs } = story;
  const explain = hints.session('status', target, ['--explain']);
  switch (end.kind) {
    case 'alive':
      return [
        ['status', 'alive'],
        ['idle', idleMs === undefined ? undefined : `${Math.floor(idleMs / 1_000)}s`],
        ...provisional(end.provisional),
        ['stalled', story.stalled ? true : undefined],
        ['cmd', hints.session('status', target)],
      ];
    case 'dead':
      return [
        ['status', 'dead'],
        ['cmd', explain],
        ['survivor', survivor],
        ['stop_cmd', survivor === undefined ? undefined : hints.session('stop', target)],
      ];
    case 'undetermined':
      return [['status', 'unknown'], ['reason', end.reason], ...provisional(end.provisional), ['cmd', explain]];
    case 'lost':
      return [
        ['status', 'unknown'],
        ['reason', 'registry-lost'],
        ['cmd', hints.command(['session', 'list'])],
      ];
    case 'alias-trouble':
      return [
        ['status', 'unknown'],
        ['reason', end.reason],
        ['cmd', hints.command(['session', 'list'])],
      ];
    case 'interrupted':
      return [['status', end.daemon]];
  }
}

function provisional(status: string | undefined): Attributes {
  if (status === undefined) return [];
  return [
    ['result', 'provisional'],
    ['result_status', boundStatus(status)],
  ];
}

function identity({ session, resolved }: WaitStory): Attributes {
  return [
    ['session', session],
    ['resolved', resolved],
  ];
}
