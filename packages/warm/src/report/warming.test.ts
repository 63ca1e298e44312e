import { describe, expect, it } from 'vitest';
import { breakEven, readCost, writeCost } from '../policy/economics.ts';
import { pricingFor } from '../policy/pricing.ts';
import type { Gap } from './gaps.ts';
import { netOf, plus, priced } from './priced.ts';
import { MINUTE, START, turn } from './turns.test.fixture.ts';
import { warmThrough } from './warming.ts';

const MODEL = 'priced';
const PRICING = pricingFor(undefined, { readPerMille: 100, inputPrice: 3_000 });
const pricingOf = (model: string) => (model === MODEL ? PRICING : pricingFor(undefined));
const gap = (minutes: number, more: Partial<Gap> = {}): Gap => ({
  ms: minutes * MINUTE,
  returnedAt: START,
  model: MODEL,
  tier: '5m',
  prefix: 100_000,
  kept: 0,
  ...more,
});
const through = (...gaps: readonly Gap[]) =>
  warmThrough({ turns: 1, gaps, last: undefined, lastPrefix: 0 }, { now: START, pricingOf });

/** Of writing all of that again instead of reading it. */
function extra(tokens: number, tier: '5m' | '1h' = '5m'): number {
  return (writeCost(tokens, PRICING, tier) ?? 0) - (readCost(tokens, PRICING) ?? 0);
}

describe('warming through a gap', () => {
  it.each<[string, Gap, number, boolean]>([
    ['a gap within one interval sends nothing', gap(4), 0, false],
    ['a little more sends once', gap(4.01), 1, true],
    ['a return at the moment of the second', gap(8), 1, true],
    ['a gap as long as all that pay', gap(47.9), 11, true],
    ['a longer one: all that pay, in vain', gap(60), 11, false],
    ['an hour in the tier of an hour', gap(60, { tier: '1h' }), 1, true],
    ['a gap in a tier that nobody tells is one of five minutes', { ...gap(4.01), tier: undefined } as never, 1, true],
    ['a prefix that was kept anyway', gap(10, { kept: 100_000 }), 2, false],
    ['a prompt that was another one', gap(10, { kept: undefined }), 2, false],
  ])('%s', (_, one, warms, isAvoided) => {
    const { tier = '5m' } = one;
    expect(breakEven(PRICING, '5m')).toBe(11);
    const warming = through(one);
    expect(warming.warms).toBe(warms);
    expect(warming.spent.cost).toBe(warms === 0 ? null : warms * (readCost(100_000, PRICING) ?? 0));
    expect(warming.avoided.cost).toBe(isAvoided ? extra(100_000, tier) : null);
  });

  it('counts what a cold return has cost, whether warming could have helped or not', () => {
    expect(through(gap(600), gap(10, { kept: 20_000 }), gap(10, { kept: 90_000 }))).toMatchObject({
      idleGaps: 3,
      coldReturns: 2,
      earlyLosses: 0,
      coldCost: { tokens: 180_000, unpricedTokens: 0, cost: extra(180_000) },
      avoided: { tokens: 80_000, cost: extra(80_000) },
    });
  });

  it('tells apart what was lost too early for any warming', () => {
    expect(through(gap(2))).toMatchObject({ idleGaps: 0, coldReturns: 0, earlyLosses: 1, coldCost: { tokens: 0 } });
  });

  it('says nothing of money where no price is known', () => {
    const { spent, avoided } = through(gap(10, { model: 'nobody-knows' }));
    expect(spent).toEqual({ tokens: 200_000, unpricedTokens: 200_000, cost: null });
    expect(avoided).toEqual({ tokens: 100_000, unpricedTokens: 100_000, cost: null });
    expect(netOf(avoided, spent)).toBeNull();
  });

  it('says nothing of money where the price holds for smaller prompts alone', () => {
    const terms = { now: START, pricingOf: () => ({ ...PRICING, pricedUpTo: 150_000 }) };
    const story = {
      turns: 1,
      gaps: [gap(10), gap(10, { prefix: 200_000, kept: 90_000 })],
      last: undefined,
      lastPrefix: 0,
    };
    const { spent, avoided } = warmThrough(story, terms);
    expect(spent).toEqual({ tokens: 600_000, unpricedTokens: 400_000, cost: readCost(200_000, PRICING) });
    expect(avoided).toEqual({ tokens: 210_000, unpricedTokens: 110_000, cost: extra(100_000) });
  });

  it('sends nothing for a model that needs no warming', () => {
    const terms = { now: START, pricingOf: () => ({ ...PRICING, neverWarm: true as const }) };
    const warming = warmThrough({ turns: 1, gaps: [gap(10)], last: undefined, lastPrefix: 0 }, terms);
    expect(warming).toMatchObject({ warms: 0, coldReturns: 1, spent: { tokens: 0 }, avoided: { tokens: 0 } });
  });

  it('claims nothing when only some prices are known, but for those', () => {
    const { spent, avoided } = through(gap(10, { model: 'nobody-knows' }), gap(10));
    expect(spent).toMatchObject({ tokens: 400_000, unpricedTokens: 200_000, cost: readCost(200_000, PRICING) });
    expect(netOf(avoided, spent)).toBe(extra(100_000) - (readCost(200_000, PRICING) ?? 0));
  });
});

describe('after the last turn', () => {
  const last = turn({ at: 0, read: 100_000, model: MODEL });
  const after = (minutes: number) =>
    warmThrough({ turns: 1, gaps: [], last, lastPrefix: 100_000 }, { now: START + minutes * MINUTE, pricingOf });

  it.each([
    [-5, 0],
    [3, 0],
    [9, 2],
    [9_999, 11],
  ])('of %i minutes ago %i warms are spent in vain', (minutes, warms) => {
    const warming = after(minutes);
    expect(warming).toMatchObject({ warms, idleGaps: 0, spentInVain: warming.spent });
    expect(warming.spent.tokens).toBe(warms * 100_000);
  });
});

it('nets what is known of both sides', () => {
  const [dear, cheap, unknown] = [priced(5, 900), priced(5, 40), priced(5, null)];
  expect(netOf(dear, cheap)).toBe(860);
  expect(netOf(unknown, cheap)).toBe(-40);
  expect(netOf(cheap, priced(0, null))).toBe(40);
  expect(plus(unknown, plus(unknown, cheap))).toEqual({ tokens: 15, unpricedTokens: 10, cost: 40 });
});
