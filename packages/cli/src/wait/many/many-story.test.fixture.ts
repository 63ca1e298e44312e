import { Hints } from '@csa/calls';
import type { MemberStory } from '@csa/calls/many';
import type { WaitEnd } from '@csa/wait';
import { storyOf } from '../wait-story.test.fixture.ts';
import type { WordedWait } from '../worded-wait.ts';
import type { WordedMany } from './many-words.ts';

/** A session id of its own for each place. */
export function idAt(index: number): string {
  return `01M0F77JH0BVPHYFAVF4${String(index).padStart(6, '0')}`;
}

/** One of several, as what a wait for it alone would be. */
export function memberOf(end: WaitEnd, index: number, rest: Partial<WordedWait> = {}): MemberStory {
  const id = idAt(index);
  return { story: storyOf(end, { session: id, target: { id }, ...rest }), counts: true };
}

/** A wait of 12.3 s for all of these, with nothing special around it, in a shell that finds this csa. */
export function manyOf(ends: readonly WaitEnd[], rest: Partial<WordedMany> = {}): WordedMany {
  const isMet = ends.every(({ kind }) => kind === 'finished' || kind === 'dead');
  return {
    members: ends.map((end, index) => memberOf(end, index)),
    need: { mode: 'all', count: ends.length },
    outcome: isMet ? 'met' : 'unmet',
    elapsedMs: 12_345.6,
    cap: { capMs: 240_000, source: 'default' },
    aliveExitCode: 0,
    hints: new Hints(['csa']),
    waitFlags: [],
    isCi: false,
    json: false,
    notes: [],
    ...rest,
  };
}

/** After --any or --count: only these places count. */
export function onlyCounting(many: WordedMany, ...places: number[]): WordedMany {
  const members = many.members.map((member, index) => ({ ...member, counts: places.includes(index) }));
  return {
    ...many,
    members,
    outcome: 'met',
    need: { mode: places.length === 1 ? 'any' : 'count', count: places.length },
  };
}
