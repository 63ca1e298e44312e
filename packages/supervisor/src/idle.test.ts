import { expect, test } from 'vitest';
import { beginIdleness, type Idleness, idleRule, judgeIdleness, needsThoroughLook } from './idle.ts';

const RULE = idleRule(20_000);
const AWAY = 3 * RULE.everyMs;

test.each([
  [1_000, 250],
  [10_000, 2_500],
  [20_000, 5_000],
  [86_400_000, 5_000],
])('for a limit of %i ms there is a look every %i ms', (limitMs, everyMs) => {
  expect(idleRule(limitMs)).toEqual({ limitMs, everyMs });
});

const AGAIN = { begins: 'anew', inMs: 5_000 } as const;
const QUIET = { begins: 'as before', inMs: 5_000 } as const;

test.each<[name: string, before: Idleness, at: number, active: boolean, expected: object]>([
  ['active at once', { sinceMs: 0, lookedMs: 0 }, 5_000, true, AGAIN],
  ['quiet', { sinceMs: 0, lookedMs: 0 }, 5_000, false, QUIET],
  ['quiet for longer', { sinceMs: 0, lookedMs: 5_000 }, 10_000, false, QUIET],
  [
    'quiet, with less than an interval left',
    { sinceMs: 0, lookedMs: 10_000 },
    17_000,
    false,
    { ...QUIET, inMs: 3_000 },
  ],
  ['quiet, one millisecond before the limit', { sinceMs: 0, lookedMs: 15_000 }, 19_999, false, { ...QUIET, inMs: 1 }],
  ['quiet at the limit', { sinceMs: 0, lookedMs: 15_000 }, 20_000, false, { begins: 'never' }],
  ['quiet past the limit', { sinceMs: 0, lookedMs: 15_000 }, 24_000, false, { begins: 'never' }],
  ['active at the limit', { sinceMs: 0, lookedMs: 15_000 }, 20_000, true, AGAIN],
  ['late, and still trusted', { sinceMs: 0, lookedMs: 15_000 }, 15_000 + AWAY, false, { begins: 'never' }],
  ['too late to be trusted', { sinceMs: 0, lookedMs: 15_000 }, 15_000 + AWAY + 1, false, AGAIN],
  ['hours too late', { sinceMs: 0, lookedMs: 15_000 }, 9_000_000, false, AGAIN],
  ['too late, and active', { sinceMs: 0, lookedMs: 15_000 }, 9_000_000, true, AGAIN],
])('a look that is %s', (_, before, atMs, active, { begins, inMs }: { begins?: string; inMs?: number }) => {
  const judged = judgeIdleness(before, { atMs, active }, RULE);
  if (begins === 'never') expect(judged).toEqual({ kind: 'idle' });
  else {
    const sinceMs = begins === 'anew' ? atMs : before.sinceMs;
    expect(judged).toEqual({ kind: 'look-again', idleness: { sinceMs, lookedMs: atMs }, inMs });
  }
});

test.each<[name: string, idleness: Idleness, at: number, thorough: boolean]>([
  ['first', beginIdleness(0), 5_000, true],
  ['after an active one', { sinceMs: 5_000, lookedMs: 5_000 }, 10_000, true],
  ['in the midst', { sinceMs: 5_000, lookedMs: 10_000 }, 15_000, false],
  ['right before the limit', { sinceMs: 5_000, lookedMs: 20_000 }, 24_999, false],
  ['that may end the command', { sinceMs: 5_000, lookedMs: 20_000 }, 25_000, true],
])('the look %s is thorough: %s', (_, idleness, atMs, thorough) => {
  expect(needsThoroughLook(idleness, atMs, RULE)).toBe(thorough);
});

/** Looks as they are planned, `active` telling of each; gives the time of the end, if it comes within a day. */
function lifetime(limitMs: number, active: (atMs: number) => boolean): number | undefined {
  const rule = idleRule(limitMs);
  let idleness = beginIdleness(0);
  for (let atMs = rule.everyMs; atMs < 86_400_000; ) {
    const judged = judgeIdleness(idleness, { atMs, active: active(atMs) }, rule);
    if (judged.kind === 'idle') return atMs;
    idleness = judged.idleness;
    atMs += judged.inMs;
  }
  return undefined;
}

test.each([1_000, 1_500, 3_333, 20_000, 600_000])('a limit of %i ms is kept to the millisecond', (limitMs) => {
  expect(lifetime(limitMs, () => false)).toBeCloseTo(limitMs, 5);
});

test('a command that does something once in less than the limit is never ended', () => {
  for (const limitMs of [1_000, 7_000, 60_000]) {
    let last = 0;
    const busyEvery = limitMs / 2;
    const active = (atMs: number): boolean => {
      if (atMs - last < busyEvery) return false;
      last = atMs;
      return true;
    };
    expect(lifetime(limitMs, active)).toBeUndefined();
  }
});

test('a command that falls asleep is ended one limit after its last activity', () => {
  expect(lifetime(20_000, (atMs) => atMs <= 40_000)).toBe(60_000);
});
