import type { WarmConfig } from '@csa/calls/config';
import { Refusal } from '@csa/session';
import type { Turn } from '@csa/transcript';
import { describe, expect, it } from 'vitest';
import { type LimitFlags, warmLimits } from './warm-settings.ts';

const TURN: Turn = {
  id: 't',
  startedAt: 0,
  model: 'claude-x-1',
  tokens: { input: 1, read: 2, write: 3, writeHour: 0, output: 4 },
  tier: '1h',
};

function limits(flags: LimitFlags, { config = {}, turn }: { config?: Partial<WarmConfig>; turn?: Turn } = {}) {
  const pricesOf = (model: string) => (model === 'claude-x-1' ? { inputPrice: 2_500 } : undefined);
  return warmLimits(flags, { config: { pricesOf, warnings: [], ...config }, turn });
}

it('nothing said is what is usual', () => {
  expect(limits({})).toEqual({ ttl: { ms: 240_000, source: 'default' }, threshold: 50_000_000, revive: false });
});

it('the transcript tells life and model, and the config the price of that', () => {
  expect(limits({}, { turn: TURN })).toMatchObject({
    ttl: { ms: 3_600_000, source: 'transcript' },
    model: 'claude-x-1',
    prices: { inputPrice: 2_500 },
  });
  expect(limits({}, { turn: { ...TURN, model: 'unknown' } })).not.toHaveProperty('model');
});

it.each<[string, LimitFlags, Partial<WarmConfig>, object]>([
  ['a life', { ttl: '5m' }, { ttlMs: 200_000 }, { ttl: { ms: 300_000, source: 'flag' } }],
  ['an interval', { interval: '2m' }, { intervalMs: 1 }, { intervalMs: 120_000 }],
  ['a budget', { budget: '0.5' }, { budget: 9 }, { budget: 500_000_000 }],
  ['a budget of one request', { 'budget-per-warm': '$1' }, { budgetPerWarm: 9 }, { budgetPerWarm: 1_000_000_000 }],
  ['a threshold', { threshold: '0' }, { threshold: 9 }, { threshold: 0 }],
  ['a count', { 'max-warms': '3' }, {}, { maxWarms: 3 }],
  ['a model', { model: 'claude-x-1' }, {}, { model: 'claude-x-1', prices: { inputPrice: 2_500 } }],
])('%s that is typed goes before the config', (_, flags, config, said) => {
  expect(limits(flags, { config })).toMatchObject(said);
});

it('the config counts where nothing is typed', () => {
  const config = { ttlMs: 200_000, intervalMs: 100_000, budget: 2, budgetPerWarm: 0.1, threshold: 0.01 };
  expect(limits({}, { config })).toEqual({
    ttl: { ms: 200_000, source: 'config' },
    intervalMs: 100_000,
    budget: 2_000_000_000,
    budgetPerWarm: 100_000_000,
    threshold: 10_000_000,
    revive: false,
  });
});

describe('refused is', () => {
  it.each<LimitFlags>([
    { ttl: '10s' },
    { ttl: '8d' },
    { interval: '0' },
    { interval: '-1s' },
    { budget: '-1' },
    { threshold: 'x' },
    { 'max-warms': '0' },
    { 'max-warms': 'all' },
    { 'max-warms': '1.5' },
  ])('%j', (flags) => {
    expect(() => limits(flags)).toThrow(Refusal);
  });
});
