import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cacheState, chooseInterval, chooseTtl, tierOf } from './life.ts';

test.each([
  ['a flag goes before all', { flagMs: 90_000, tier: '1h', configMs: 5000 }, { ms: 90_000, source: 'flag' }],
  [
    'the tier of the transcript goes before the config',
    { tier: '1h', configMs: 5000 },
    { ms: 3_600_000, source: 'transcript' },
  ],
  ['the short tier is five minutes', { tier: '5m' }, { ms: 300_000, source: 'transcript' }],
  ['the config goes before the default', { configMs: 600_000 }, { ms: 600_000, source: 'config' }],
  ['the default is 240 s', {}, { ms: 240_000, source: 'default' }],
] as const)('%s', (_, known, ttl) => {
  expect(chooseTtl(known)).toEqual(ttl);
});

test.each([
  ['nothing is given', undefined, 300_000, 240_000],
  ['nothing is given and the prefix lives for an hour', undefined, 3_600_000, 3_300_000],
  ['nothing is given and the TTL is the default', undefined, 240_000, 230_000],
  ['it is given', 60_000, 300_000, 60_000],
  ['more is given than the prefix lives', 600_000, 300_000, 290_000],
  ['too little is given', 10, 300_000, 1000],
  ['the TTL is shorter than any interval', 60_000, 5000, 1000],
])('the interval, where %s', (_, given, ttl, interval) => {
  expect(chooseInterval(given, ttl)).toBe(interval);
});

test('an interval is at least a second, and never reaches into the last 10 s of the TTL', () => {
  fc.assert(
    fc.property(
      fc.option(fc.nat(1e9), { nil: undefined }),
      fc.integer({ min: 11_000, max: 604_800_000 }),
      (given, ttl) => {
        const interval = chooseInterval(given, ttl);
        expect(interval).toBeGreaterThanOrEqual(1000);
        expect(interval).toBeLessThanOrEqual(ttl - 10_000);
      },
    ),
  );
});

test('only a TTL of an hour is paid as one', () => {
  expect([240_000, 3_599_999, 3_600_000].map(tierOf)).toEqual(['5m', '5m', '1h']);
});

test.each([
  ['no request is known', {}, 'unknown', 'none'],
  ['the caller has just begun a request', { ageMs: 0 }, 'warm', 'request'],
  ['a warm has read it', { ageMs: 100_000, lastVerdict: 'full' }, 'warm', 'read'],
  ['it has 30 s left', { ageMs: 270_000 }, 'expiring', 'request'],
  ['it has 31 s left', { ageMs: 269_000 }, 'warm', 'request'],
  ['the TTL is over', { ageMs: 300_000 }, 'predicted_cold', 'ttl'],
  ['the TTL is over since a full hit', { ageMs: 300_000, lastVerdict: 'full' }, 'predicted_cold', 'ttl'],
  ['a warm wrote it anew', { ageMs: 1000, lastVerdict: 'wrote' }, 'cold', 'missed'],
  ['a warm missed it', { lastVerdict: 'short' }, 'cold', 'missed'],
  ['a warm read a part of it', { ageMs: 1000, lastVerdict: 'partial' }, 'unknown', 'partly_read'],
  ['a warm read a part of it and the TTL is over', { ageMs: 300_001, lastVerdict: 'partial' }, 'predicted_cold', 'ttl'],
  ['a warm failed', { ageMs: 1000, lastVerdict: 'error' }, 'warm', 'request'],
  ['a warm told nothing', { ageMs: 1000, lastVerdict: 'no_usage' }, 'warm', 'request'],
] as const)('where %s, the cache is said to be %3$s', (_, facts, state, evidence) => {
  expect(cacheState({ ttlMs: 300_000, ...facts })).toEqual({ state, evidence });
});

test('a short life is expiring in its last fifth', () => {
  expect(cacheState({ ageMs: 7999, ttlMs: 10_000 }).state).toBe('warm');
  expect(cacheState({ ageMs: 8000, ttlMs: 10_000 }).state).toBe('expiring');
});
