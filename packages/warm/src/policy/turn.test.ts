import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planTurn } from './turn.ts';

test.each([
  ['a request has just begun', { ageMs: 0 }, 270_000, 'warm'],
  ['it began a minute ago', { ageMs: 60_000 }, 210_000, 'warm'],
  ['there is hardly time', { ageMs: 269_000 }, 5000, 'warm'],
  ['the moment has just passed', { ageMs: 270_000 }, 240_000, 'predicted-cold'],
  ['it has passed long ago', { ageMs: 9_000_000 }, 240_000, 'predicted-cold'],
  ['nobody knows when it began', {}, 240_000, 'unknown'],
  ['another clock is a little ahead', { ageMs: -2000 }, 270_000, 'warm'],
  ['it lies ahead, for a clock was set', { ageMs: -3_600_000 }, 240_000, 'unknown'],
  ['nobody knows, and the TTL is shorter', { ttlMs: 60_000 }, 60_000, 'unknown'],
  ['the prefix lives for an hour', { ttlMs: 3_600_000, ageMs: 10_000 }, 3_560_000, 'warm'],
  ['a cap shortens it', { ageMs: 0, capMs: 10_000 }, 10_000, 'warm'],
  ['a cap cannot make it longer', { ageMs: 0, capMs: 900_000 }, 270_000, 'warm'],
  ['a cap of 0 is one look', { ageMs: 0, capMs: 0 }, 0, 'warm'],
  ['a shell that would kill it shortens it', { ageMs: 0, shellMs: 110_000 }, 110_000, 'warm'],
  ['of a cap and a shell the shorter counts', { ageMs: 0, capMs: 90_000, shellMs: 110_000 }, 90_000, 'warm'],
] as const)('where %s, the turn is in %2$i ms', (_, facts, deadlineMs, cache) => {
  expect(planTurn({ ttlMs: 300_000, ...facts })).toEqual({ deadlineMs, cache });
});

test('nobody is told to come back at once, and who is told that the prefix is warm is told in time', () => {
  const ms = fc.integer({ min: 0, max: 10_000_000 });
  fc.assert(
    fc.property(fc.integer({ min: 40_000, max: 10_000_000 }), ms, (ttlMs, ageMs) => {
      const { deadlineMs, cache } = planTurn({ ttlMs, ageMs });
      expect(deadlineMs).toBeGreaterThanOrEqual(5000);
      if (cache === 'warm') expect(ageMs + deadlineMs).toBeLessThan(ttlMs - 20_000);
    }),
  );
});
