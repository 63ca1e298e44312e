import type { WaitEnd } from '@csa/wait';
import { ID, storyOf } from '../../wait/wait-story.test.fixture.ts';
import type { TurnPlan } from './turn-plan.ts';
import type { TurnStory } from './turn-story.ts';

export const TURN = `csa session warm ${ID}`;
export const PLAN: TurnPlan = {
  ttl: { ms: 300_000, source: 'transcript' },
  cache: 'warm',
  deadlineMs: 260_000,
  fullMs: 270_000,
  breakEven: 11,
};

/** The first turn of a caller whose shell has no limit. */
export function turnStoryOf(end: WaitEnd, rest: Partial<TurnStory> = {}): TurnStory {
  return {
    ...storyOf(end, { cap: { capMs: 260_000, source: 'cache' } }),
    verb: 'warm',
    plan: PLAN,
    turns: 1,
    shell: undefined,
    askedMs: undefined,
    flags: [],
    ...rest,
  };
}
