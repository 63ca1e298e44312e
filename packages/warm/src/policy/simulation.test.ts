import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decideWarm } from './decide.ts';
import { breakEven } from './economics.ts';
import { chooseInterval } from './life.ts';
import { pricingFor } from './pricing.ts';

const root = new URL('../../../../', import.meta.url);
const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, root)), 'utf8');

/** The script holds no types, and is no part of the package: it is loaded as what it is. */
const script = await import(new URL('bench/warm.mjs', root).href);
const policy = { breakEven, chooseInterval, decideWarm, pricingFor };
const rows = script.simulate(policy);

test('the table and the seed of the README are what the script prints', () => {
  const readme = read('packages/warm/README.md');
  expect(readme).toContain(script.tableOf(rows));
  expect(readme).toContain(`seed ${script.DEFAULTS.seed}`);
});

test('the picture is the one that the script draws', () => {
  expect(read('docs/images/warm-policies.svg')).toBe(script.pictureOf(rows, script.DEFAULTS));
});

test('a seed always gives the same numbers, and another one gives others', () => {
  const few = { seed: 1, waits: 50 };
  expect(script.simulate(policy, few)).toEqual(script.simulate(policy, few));
  expect(script.simulate(policy, few)).not.toEqual(script.simulate(policy, { ...few, seed: 2 }));
});

test('no policy is cheaper than the best possible, and the break-even bounds what a wait without an end costs', () => {
  for (const { tier, means } of rows) {
    const best = means.at(-1);
    expect(means.filter((mean: number) => mean < best - 1e-9)).toEqual([]);
    const [, , , withBreakEven] = means;
    const bound = tier === '1h' ? 1.9 + 2 : 1.1 + 1.25;
    expect(withBreakEven).toBeLessThanOrEqual(bound + 1e-9);
  }
});
