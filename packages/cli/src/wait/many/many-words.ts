import { describeDuration } from '@csa/calls';
import {
  areMany,
  judgeMany,
  type ManyStory,
  type ManyVerdict,
  type MemberStory,
  nextWaitForMany,
  sameWaitForMany,
  stateOfMember,
  waitForRest,
} from '@csa/calls/many';
import { waitExitCode } from '@csa/calls/wait';
import { waitWords } from '../wait-words.ts';
import type { Wording } from '../worded-wait.ts';
import { inOrder } from './member-lines.ts';

/** The end of a wait for several sessions, and how it is to be worded. */
export interface WordedMany extends ManyStory, Omit<Wording, 'hasColour'> {}

/** People read a screen, not a list. */
const MOST_SESSIONS = 20;
const AGAIN = { 're-wait': 'Wait again', background: 'Wait in the background' };

/** The same answer for people, on standard error: a line or two for each session, then the whole. */
export function manyWords(many: WordedMany): string[] {
  const ordered = inOrder(many.members);
  const hidden = ordered.length - MOST_SESSIONS;
  const verdict = judgeMany(many);
  return [
    ...ordered.slice(0, MOST_SESSIONS).flatMap((member) => memberWords(member, many)),
    ...(hidden > 0 ? [`and ${hidden} more; --json tells of all`] : []),
    `After ${describeDuration(many.elapsedMs)}: ${tallyWords(verdict)}.${decidedWords(verdict)}`,
    ...aliveInCi(many),
    ...nextWords(many, verdict),
  ];
}

function memberWords(member: MemberStory, { isCi }: WordedMany): string[] {
  const lines = waitWords({ ...member.story, isCi }, waitExitCode(member.story));
  // What to do next is said once, for all of them.
  return stateOfMember(member) === 'unknown' || stateOfMember(member) === 'alive' ? lines.slice(0, 1) : lines;
}

function tallyWords({ tally }: ManyVerdict): string {
  const { sessions, finished, alive, failed, dead, unknown } = tally;
  const others = [
    failed > 0 ? `${failed} of them badly` : undefined,
    alive > 0 ? `${alive} alive` : undefined,
    dead > 0 ? `${dead} dead` : undefined,
    unknown > 0 ? `${unknown} unknown` : undefined,
  ].filter((text) => text !== undefined);
  return [`${finished} of ${sessions} finished`, ...others].join(', ');
}

function decidedWords({ decidedBy, exitCode, ending }: ManyVerdict): string {
  if (decidedBy === undefined || ending === 'interrupted') return '';
  return ` The exit code, ${exitCode}, is that of session ${decidedBy.story.session}.`;
}

function nextWords(many: ManyStory, { ending, tally }: ManyVerdict): string[] {
  switch (ending) {
    case 'alive': {
      const { action, cmd } = nextWaitForMany(many);
      const lead = tally.failed > 0 ? 'The others go on' : 'This is no failure';
      return [`${lead}. ${AGAIN[action]}: ${shown(many, 'cmd', cmd)}`];
    }
    case 'interrupted':
      return [`The wait ended (${many.interruption}); the sessions go on. ${again(many)}`];
    case 'completed':
    case 'dead':
    case 'error': {
      const rest = waitForRest(many);
      return rest === undefined ? [] : [`Wait for the rest: ${shown(many, 'rest_cmd', rest)}`];
    }
    case 'unknown':
      return [again(many)];
  }
}

function again(many: ManyStory): string {
  return `Wait again: ${shown(many, 'cmd', sameWaitForMany(many))}`;
}

/** Hundreds of ids stand once in an answer, in its marker. */
function shown({ members }: ManyStory, attribute: 'cmd' | 'rest_cmd', command: string | undefined): string {
  return areMany(members.length) ? `with the ${attribute} of the marker` : String(command);
}

/** The one thing that a CI script must hear, whatever form it asked for. */
export function aliveInCi(many: WordedMany): string[] {
  const { ending, exitCode } = judgeMany(many);
  if (ending !== 'alive' || !many.isCi || exitCode !== 0) return [];
  return [
    'In CI living sessions must not pass for finished ones: wait with --until-done, or give --alive-exit-code 75.',
  ];
}
