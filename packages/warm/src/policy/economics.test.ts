import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pricing } from './cache-price.ts';
import { breakEven, breakEvenReturn, costOf, expectedSaving, readCost, writeCost } from './economics.ts';

const SONNET: Pricing = {
  readPerMille: 100,
  writePerMille: 1250,
  writeHourPerMille: 2000,
  minPrefixTokens: 1024,
  inputPrice: 3000,
  outputPrice: 15_000,
};
const NOTHING = { input: 0, read: 0, write: 0, writeHour: 0, output: 0 };

const perMille = fc.integer({ min: 1, max: 4000 });
const tokens = fc.integer({ min: 0, max: 10_000_000 });
const price = fc.integer({ min: 0, max: 1_000_000 });

test.each([
  ['5m', 100, 11, 87],
  ['1h', 100, 19, 53],
  ['5m', 50, 24, 42],
  ['1h', 50, 39, 26],
  ['5m', 25, 49, 21],
  ['1h', 25, 79, 13],
  // An older OpenAI model: nothing for the write, half price for the read.
  ['5m', 500, 1, 667],
] as const)(
  'on the tier %s with reads at %i per mille %i warms pay, and one from a return in %i of 1,000',
  (tier, read, warms, probability) => {
    const pricing = { ...SONNET, readPerMille: read };
    expect(breakEven(pricing, tier)).toBe(warms);
    expect(breakEvenReturn(pricing, tier)).toBe(probability);
  },
);

test('so many warms cover 49 minutes on the short tier and 18.4 hours on the long one', () => {
  expect(breakEven(SONNET, '5m') * 240 + 300).toBe(49 * 60);
  expect(breakEven(SONNET, '1h') * 55 + 60).toBe(18.4 * 60 + 1);
});

test.each([
  ['reading costs as much as writing', { ...SONNET, readPerMille: 1250 }, 0],
  ['reading costs more', { ...SONNET, readPerMille: 3000 }, 0],
  ['reading is free', { ...SONNET, readPerMille: 0 }, Number.MAX_SAFE_INTEGER],
  ['the cache needs no warming', { ...SONNET, neverWarm: true as const }, 0],
])('where %s the break-even says so', (_, pricing, warms) => {
  expect(breakEven(pricing, '5m')).toBe(warms);
});

test('where one warm never pays there is no probability of a return at which it does', () => {
  expect(breakEvenReturn({ ...SONNET, readPerMille: 1250 }, '5m')).toBeNull();
  expect(breakEvenReturn({ ...SONNET, readPerMille: 700 }, '5m')).toBeNull();
  expect(breakEvenReturn({ ...SONNET, readPerMille: 625 }, '5m')).toBe(1000);
  expect(breakEvenReturn({ ...SONNET, neverWarm: true }, '5m')).toBeNull();
});

test('as many warms as the break-even and the return cost no more than a rewrite, and one more costs more', () => {
  fc.assert(
    fc.property(perMille, perMille, (read, write) => {
      const n = breakEven({ ...SONNET, readPerMille: read, writePerMille: write }, '5m');
      if (write >= read) expect(n * read + read).toBeLessThanOrEqual(write);
      expect((n + 1) * read + read).toBeGreaterThan(write);
    }),
  );
});

test('one warm is expected to save something exactly from the break-even return on', () => {
  fc.assert(
    fc.property(perMille, perMille, fc.integer({ min: 0, max: 1000 }), (read, write, q) => {
      const pricing = { ...SONNET, readPerMille: read, writePerMille: write };
      const least = breakEvenReturn(pricing, '5m');
      expect(expectedSaving(pricing, '5m', q) >= 0).toBe(least !== null && q >= least);
    }),
  );
});

test('a job of 90 minutes on the 5 m tier costs what it costs by polling inside the TTL, past it, and not at all', () => {
  const units = (reads: number, writes: number): number =>
    reads * (readCost(1_000_000, SONNET) ?? 0) + writes * (writeCost(1_000_000, SONNET, '5m') ?? 0);
  // 2.30, 11.25 and 1.25 times three dollars.
  expect(units(23, 0)).toBe(6_900_000_000);
  expect(units(0, 9)).toBe(33_750_000_000);
  expect(units(0, 1)).toBe(3_750_000_000);
});

test('a price is counted in whole billionths of a dollar, and what is left over is rounded up', () => {
  expect(readCost(100_000, SONNET)).toBe(30_000_000);
  expect(writeCost(100_000, SONNET, '5m')).toBe(375_000_000);
  expect(writeCost(100_000, SONNET, '1h')).toBe(600_000_000);
  expect(readCost(1, { ...SONNET, inputPrice: 1 })).toBe(1);
  fc.assert(
    fc.property(tokens, price, perMille, (n, inputPrice, readPerMille) => {
      const cost = readCost(n, { ...SONNET, inputPrice, readPerMille }) ?? Number.NaN;
      const exact = BigInt(n) * BigInt(inputPrice) * BigInt(readPerMille);
      expect(BigInt(cost)).toBe((exact + 999n) / 1000n);
    }),
  );
});

test.each([
  ['all read', { read: 1000 }, 300_000],
  ['all new', { input: 1000 }, 3_000_000],
  ['written for five minutes', { write: 1000, writeHour: 0 }, 3_750_000],
  ['written for an hour', { write: 1000, writeHour: 1000 }, 6_000_000],
  ['written for both', { write: 1000, writeHour: 400 }, 4_650_000],
  ['written, nobody says for how long', { write: 1000, writeHour: null }, 6_000_000],
  ['answered', { output: 10 }, 150_000],
])('a request that is %s costs its price', (_, usage, cost) => {
  expect(costOf({ ...NOTHING, ...usage }, SONNET)).toBe(cost);
});

test('a count or a price that is unknown makes the cost unknown, never smaller', () => {
  const usage = { input: 1, read: 2, write: 3, writeHour: 0, output: 4 };
  for (const part of ['input', 'read', 'write', 'output'] as const)
    expect(costOf({ ...usage, [part]: null }, SONNET)).toBeNull();
  const { inputPrice: _, ...noInput } = SONNET;
  const { outputPrice: __, ...noOutput } = SONNET;
  expect(costOf(usage, noInput)).toBeNull();
  expect(costOf(usage, noOutput)).toBeNull();
  expect(costOf({ ...usage, output: 0 }, noOutput)).not.toBeNull();
  expect(readCost(5, noInput)).toBeNull();
});

test('where a write costs nothing extra nobody has to count it', () => {
  const older = { ...SONNET, readPerMille: 500, writePerMille: 1000, writeHourPerMille: 1000 };
  expect(costOf({ input: 1000, read: 1000, write: null, writeHour: null, output: 0 }, older)).toBe(4_500_000);
});

test('a prompt that is longer than those of the known price has an unknown one', () => {
  const tiered = { ...SONNET, pricedUpTo: 200_000 };
  expect(readCost(200_000, tiered)).toBe(60_000_000);
  expect(readCost(200_001, tiered)).toBeNull();
  expect(writeCost(200_001, tiered, '5m')).toBeNull();
  expect(costOf({ ...NOTHING, input: 1, read: 199_999 }, tiered)).toBe(60_002_700);
  expect(costOf({ ...NOTHING, input: 1, read: 200_000 }, tiered)).toBeNull();
});
