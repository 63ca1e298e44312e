import type { Turn } from '@csa/transcript';
import { expect, it } from 'vitest';
import type { WarmLimits } from '../warm-settings.ts';
import { planOn } from './on-plan.ts';

const LIMITS: WarmLimits = { ttl: { ms: 300_000, source: 'transcript' }, threshold: 0, revive: false };
const TURN: Turn = {
  id: 't',
  startedAt: 1_000_000,
  model: 'm',
  tokens: { input: 1_000, read: 90_000, write: 9_000, writeHour: 0, output: 5 },
};

const plan = (rest: Partial<WarmLimits> = {}, durationMs = 1_800_000, turn: Turn | undefined = TURN) =>
  planOn({ limits: { ...LIMITS, ...rest }, durationMs, turn, lastUseAt: turn?.startedAt, now: 1_060_000 });

it('counts what it would send by time, break-even and the user’s own limit', () => {
  expect(plan()).toMatchObject({ intervalMs: 240_000, breakEven: 11, requestsAtMost: 7 });
  expect(plan({}, 86_400_000).requestsAtMost).toBe(11);
  expect(plan({ maxWarms: 3 }).requestsAtMost).toBe(3);
  expect(plan({}, 1_000).requestsAtMost).toBe(0);
  expect(plan({ prices: { inputPrice: 3_000 }, budget: 90_000_000 }).requestsAtMost).toBe(3);
  expect(plan({ prices: { inputPrice: 3_000 }, budget: 89_999_999 }).requestsAtMost).toBe(2);
});

it('prices what the transcript shows, in billionths of a dollar', () => {
  expect(plan({ prices: { inputPrice: 3_000 } })).toMatchObject({
    prefixTokens: 100_000,
    costEach: 30_000_000,
    costCold: 375_000_000,
    ageMs: 60_000,
    isCold: false,
  });
});

it('names no price that it does not know', () => {
  expect(plan()).toMatchObject({ prefixTokens: 100_000, costEach: null, costCold: null });
  const unseen = planOn({
    limits: { ...LIMITS, prices: { inputPrice: 3_000 } },
    durationMs: 1_800_000,
    turn: undefined,
    lastUseAt: undefined,
    now: 0,
  });
  expect(unseen).toMatchObject({ prefixTokens: null, costEach: null, ageMs: null, isCold: false });
});

it('knows when the cache is taken to be cold', () => {
  expect(planOn({ limits: LIMITS, durationMs: 1, turn: TURN, lastUseAt: TURN.startedAt, now: 1_300_000 }).isCold).toBe(
    true,
  );
  expect(planOn({ limits: LIMITS, durationMs: 1, turn: TURN, lastUseAt: TURN.startedAt, now: 1_299_999 }).isCold).toBe(
    false,
  );
});
