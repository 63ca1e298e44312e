import { expect, test } from 'vitest';
import { isCapReached, type Moments, sleepMs } from './deadline.ts';

const NOTHING: Moments = { start: 1_000, capMs: undefined, doubtSince: undefined, unclearSince: undefined };
const SAFETY_MS = 5_000;

test.each<readonly [string, Partial<Moments>, number, boolean]>([
  ['until done, alive: never', {}, 1e12, false],
  ['until done, unclear for less than 240 s: not yet', { unclearSince: 50_000 }, 289_999, false],
  ['until done, unclear for 240 s: every wait ends', { unclearSince: 50_000 }, 290_000, true],
  ['before the cap', { capMs: 500 }, 1_499, false],
  ['at the cap', { capMs: 500 }, 1_500, true],
  ['a cap of 0 is reached at once', { capMs: 0 }, 1_000, true],
  ['a cap goes before the 240 s', { capMs: 300_000, unclearSince: 1_000 }, 290_000, false],
  ['a second look that is owed goes before the cap', { capMs: 0, doubtSince: 1_000 }, 1_249, false],
  ['once it was due the cap counts', { capMs: 0, doubtSince: 1_000 }, 1_250, true],
])('whether the cap is reached: %s', (_, moments, now, reached) => {
  expect(isCapReached({ ...NOTHING, ...moments }, now)).toBe(reached);
});

test.each<readonly [string, Partial<Moments>, number, number]>([
  ['nothing is due: the safety look', {}, 1_000, SAFETY_MS],
  ['the cap is nearer', { capMs: 700 }, 1_500, 200],
  ['the cap is farther', { capMs: 60_000 }, 1_500, SAFETY_MS],
  ['a second look is nearer', { capMs: 700, doubtSince: 1_000 }, 1_100, 150],
  ['a second look is owed past the cap', { capMs: 0, doubtSince: 1_000 }, 1_100, 150],
  ['the second look was taken', { capMs: 60_000, doubtSince: 1_000 }, 1_250, SAFETY_MS],
  ['the end of 240 s is near', { unclearSince: 0 }, 239_000, 1_000],
  ['parts of milliseconds are slept through', { capMs: 700 }, 1_500.4, 200],
  ['what was due is not slept for', { capMs: 0 }, 2_000, 0],
])('how long to sleep: %s', (_, moments, now, ms) => {
  expect(sleepMs({ ...NOTHING, ...moments }, now, SAFETY_MS)).toBe(ms);
});

test('a sleep for a second look ends when that look counts, whatever the fractions', () => {
  for (let i = 0; i < 5_000; i += 1) {
    const doubtSince = Math.random() * 10 ** (i % 9);
    const moments = { ...NOTHING, start: doubtSince, capMs: 0, doubtSince };
    for (const now of [doubtSince + 250, doubtSince + 249.999_999_9, doubtSince + 250.000_000_1]) {
      const owed = now - doubtSince < 250;
      expect([isCapReached(moments, now), sleepMs(moments, now, SAFETY_MS)]).toEqual([!owed, owed ? 1 : 0]);
    }
  }
});
