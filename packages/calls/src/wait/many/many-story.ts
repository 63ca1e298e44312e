import type { ManyWaited } from '@csa/wait';
import { INTERRUPTED_EXITS } from '../../exit-code.ts';
import { waitExitCode } from '../wait-exit-code.ts';
import type { WaitStory } from '../wait-story.ts';
import type { Need } from './need.ts';
import type { ShortNames } from './short-names.ts';
import { decider, endingOf, type ManyEnding, type MemberState, stateOf } from './verdict.ts';

/** One of several sessions: its own story, as if it had been waited for alone. */
export interface MemberStory {
  readonly story: WaitStory;
  /** Whether the answer is made of it. */
  readonly counts: boolean;
}

/** All that the words of the end of a wait for several sessions depend on. */
export interface ManyStory extends Pick<WaitStory, 'cap' | 'aliveExitCode' | 'interruption' | 'hints' | 'waitFlags'> {
  /** In the order given; at least one. */
  readonly members: readonly MemberStory[];
  readonly need: Need;
  readonly outcome: ManyWaited['outcome'];
  readonly elapsedMs: number;
  /** Where the ids of many may be named by their beginnings. */
  readonly shortNames?: ShortNames | undefined;
}

/** How many sessions are what; those that failed have finished, too. */
export interface Tally {
  readonly sessions: number;
  readonly finished: number;
  readonly alive: number;
  readonly failed: number;
  readonly dead: number;
  readonly unknown: number;
}

/** The answer about several sessions as a whole. */
export interface ManyVerdict {
  readonly ending: ManyEnding;
  readonly exitCode: number;
  /** Whose exit code it is; nobody's in particular where all is well or alive. */
  readonly decidedBy: MemberStory | undefined;
  readonly tally: Tally;
}

export function judgeMany(many: ManyStory): ManyVerdict {
  const counting = many.members.filter(({ counts }) => counts);
  const ends = counting.map(({ story }) => story.waited.end);
  const deciding = counting[decider(ends) ?? -1];
  return {
    ending: endingOf(many.outcome, ends),
    exitCode: exitCodeOfMany(many, deciding),
    decidedBy: deciding !== undefined && isOfOne(deciding, counting.length) ? deciding : undefined,
    tally: tallyOf(many.members),
  };
}

function exitCodeOfMany(many: ManyStory, deciding: MemberStory | undefined): number {
  if (many.outcome === 'interrupted') return INTERRUPTED_EXITS[many.interruption ?? 'SIGTERM'];
  return deciding === undefined ? 0 : waitExitCode({ ...deciding.story, aliveExitCode: many.aliveExitCode });
}

/** Whether the answer is about this one in particular; the first that ended is named however it did. */
function isOfOne(deciding: MemberStory, counting: number): boolean {
  const state = stateOfMember(deciding);
  return state !== 'alive' && (state !== 'fine' || counting === 1);
}

export function stateOfMember({ story }: MemberStory): MemberState {
  return stateOf(story.waited.end);
}

/** Why nothing can be said of it. */
export function reasonOf(member: MemberStory | undefined): string | undefined {
  const end = member?.story.waited.end;
  if (end?.kind === 'lost') return 'registry-lost';
  if (end?.kind === 'undetermined' || end?.kind === 'alias-trouble') return end.reason;
  return undefined;
}

function tallyOf(members: readonly MemberStory[]): Tally {
  const states = members.map(stateOfMember);
  const of = (state: MemberState): number => states.filter((one) => one === state).length;
  return {
    sessions: members.length,
    finished: of('fine') + of('failed'),
    alive: of('alive'),
    failed: of('failed'),
    dead: of('dead'),
    unknown: of('unknown'),
  };
}
