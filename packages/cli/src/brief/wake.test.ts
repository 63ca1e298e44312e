import { expect, it } from 'vitest';
import { refreshOnWake, tickMs } from './wake.ts';

it.each([
  ['none', 0, 60_000],
  ['one that is shorter than any tick', 10, 1_000],
  ['the usual one', 60_000, 60_500],
  ['a long one', 3_600_000, 3_600_500],
])('where the interval is %s, %i ms, a supervisor asks each %i ms', (_, intervalMs, expected) => {
  expect(tickMs(intervalMs)).toBe(expected);
  const env = { CSA_BRIEF_REFRESH_MIN_SEC: String(intervalMs / 1000) };
  expect(refreshOnWake(env)).toEqual({ onWake: expect.any(Function), wakeEveryMs: expected });
});

it('a word that is no number of seconds counts as none', () => {
  for (const word of ['', 'soon', '-1', 'Infinity']) {
    expect(refreshOnWake({ CSA_BRIEF_REFRESH_MIN_SEC: word }).wakeEveryMs).toBe(60_500);
  }
});

it.each([
  ['off', false],
  ['', true],
  ['on', true],
  ['OFF', true],
])('CSA_BRIEF=%s', (word, wakes) => {
  expect(refreshOnWake({ CSA_BRIEF: word }).onWake !== undefined).toBe(wakes);
});
