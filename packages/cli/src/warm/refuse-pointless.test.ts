import type { Turn } from '@csa/transcript';
import { account, pricingFor } from '@csa/warm';
import { expect, it } from 'vitest';
import { type OnProspect, pointlessBy } from './refuse-pointless.ts';
import { planOn } from './switch/on-plan.ts';
import type { WarmLimits } from './warm-settings.ts';

const NOW = 1_060_000;
const LIMITS: WarmLimits = {
  ttl: { ms: 300_000, source: 'transcript' },
  threshold: 0,
  revive: false,
  model: 'claude-sonnet-4-5',
};
const TURN: Turn = {
  id: 't',
  startedAt: 1_000_000,
  model: 'claude-sonnet-4-5',
  tokens: { input: 0, read: 100_000, write: 0, writeHour: 0, output: 5 },
};
const USAGE = { input: 0, read: 100_000, write: 0, writeHour: 0, output: 0 };

/** A conversation of so many tokens, seen before its first request is sent. */
function prospect(more: Partial<WarmLimits> = {}, tokens = 100_000): OnProspect {
  const limits = { ...LIMITS, ...more };
  const turn = { ...TURN, tokens: { ...TURN.tokens, read: tokens } };
  const plan = planOn({ limits, durationMs: 1_800_000, turn, lastUseAt: turn.startedAt, now: NOW });
  return { limits, plan, durationMs: 1_800_000, lastUseAt: turn.startedAt };
}

/** What so many requests have left in the books, after the last one of the conversation's own. */
function books(warms: number): NonNullable<OnProspect['books']> {
  const use = { kind: 'use', id: 'u', at: TURN.startedAt, usage: TURN.tokens } as const;
  const beats = Array.from({ length: warms }, (_, i) => ({
    kind: 'beat' as const,
    id: `b${i}`,
    at: TURN.startedAt + 1_000 * (i + 1),
    generation: 1,
    driver: 'command',
    verdict: 'full' as const,
    usage: USAGE,
    cost: 30_000_000,
    durationMs: 1,
    expected: 100_000,
  }));
  return account([use, ...beats], { pricing: pricingFor(LIMITS.model), tier: '5m', ttlMs: 300_000 });
}

it.each<[string, OnProspect, string | undefined]>([
  ['a conversation that is worth it', prospect(), undefined],
  ['one that saves less than the threshold', prospect({ threshold: 315_000_001 }), 'below_threshold'],
  ['one that saves just as much', prospect({ threshold: 315_000_000 }), undefined],
  ['a request that costs more than one may', prospect({ budgetPerWarm: 29_999_999 }), 'budget_exhausted'],
  ['a budget that is less than one request', prospect({ budget: 29_999_999 }), 'budget_exhausted'],
  ['a budget that is spent', { ...prospect({ budget: 90_000_000 }), books: books(3) }, 'budget_exhausted'],
  ['as many requests as were allowed', { ...prospect({ maxWarms: 3 }), books: books(3) }, 'max_warms'],
  ['the break-even', { ...prospect(), books: books(11) }, 'break_even_reached'],
  ['one below it', { ...prospect(), books: books(10) }, undefined],
  ['the break-even before the conversation’s return', { ...prospect(), books: books(11), lastUseAt: NOW }, undefined],
  ['a model whose cache is not worth it', prospect({ model: 'deepseek-chat' }), 'break_even_reached'],
  ['a conversation that is too short', prospect({}, 300), 'below_min_prefix'],
])('tells before it is switched on: %s', (_, given, reason) => {
  expect(pointlessBy(given)).toBe(reason);
});
