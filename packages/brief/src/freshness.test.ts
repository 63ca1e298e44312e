import { expect, it } from 'vitest';
import { maxAgeMs, minIntervalMs } from './freshness.ts';

it.each<[string | undefined, number | 'default']>([
  [undefined, 'default'],
  ['', 'default'],
  [' ', 'default'],
  ['soon', 'default'],
  ['-1', 'default'],
  ['NaN', 'default'],
  ['Infinity', 'default'],
  ['1e3', 'default'],
  ['0x10', 'default'],
  ['10s', 'default'],
  ['9'.repeat(400), 'default'],
  ['0', 0],
  ['1', 1_000],
  [' 90 ', 90_000],
  ['0.5', 500],
  ['43200', 43_200_000],
])('of %j seconds: %s', (text, ms) => {
  const env = text === undefined ? {} : { CSA_BRIEF_REFRESH_MIN_SEC: text, CSA_BRIEF_MAX_AGE_SEC: text };
  expect(minIntervalMs(env)).toBe(ms === 'default' ? 60_000 : ms);
  expect(maxAgeMs(env)).toBe(ms === 'default' ? 43_200_000 : ms);
});
