import { describe, expect, it } from 'vitest';
import { type Arrival, isOver, whoCounts } from './need.ts';
import type { WaitEnd } from './wait.ts';

const outcome = { status: 'success', success: true, exitCode: 0 };

it.each<[WaitEnd, boolean]>([
  [{ kind: 'finished', source: 'result', outcome, daemonAlive: true }, true],
  [{ kind: 'dead' }, true],
  [{ kind: 'alive' }, false],
  [{ kind: 'undetermined', reason: 'proc-hidden' }, false],
  [{ kind: 'lost' }, false],
  [{ kind: 'alias-trouble', reason: 'alias-loop' }, false],
  [{ kind: 'interrupted', daemon: 'dead' }, false],
])('%j is over: %s', (end, over) => {
  expect(isOver(end)).toBe(over);
});

const N = undefined;

describe('the answer is made of', () => {
  it.each<[string, Arrival[], number, string]>([
    ['all where all are needed', [2, 1, 3], 3, 'yyy'],
    ['the one that was first', [3, 1, 2], 1, '.y.'],
    ['the first of those that were over before the wait began', [0, 0, 0], 1, 'y..'],
    ['one that was over before, not one that ended first in the wait', [1, N, 0], 1, '..y'],
    ['the first in the order given of those that ended together', [N, 1, 1], 1, '.y.'],
    ['the N that were first', [4, 1, N, 3, 2], 3, '.y.yy'],
    ['the N that were first, ties in the order given', [2, 1, 2, 2], 2, 'yy..'],
    ['everybody while too few are over', [N, 1, N], 2, 'yyy'],
    ['everybody while nobody is over', [N, N], 1, 'yy'],
    ['the only one', [0], 1, 'y'],
  ])('%s', (_, arrivals, need, expected) => {
    expect(
      whoCounts(arrivals, need)
        .map((counts) => (counts ? 'y' : '.'))
        .join(''),
    ).toBe(expected);
  });

  it('exactly as many as are needed, none of them later than one that is left out', () => {
    const faults: string[] = [];
    for (const all of rolls(4)) {
      for (let need = 1; need <= all.length; need += 1) {
        const counts = whoCounts(all, need);
        const over = all.filter((arrival) => arrival !== undefined).length;
        const times = (inside: boolean): number[] =>
          all.filter((_, i) => counts[i] === inside).map((arrival) => arrival ?? Number.POSITIVE_INFINITY);
        const isRight =
          over < need
            ? times(true).length === all.length
            : times(true).length === need && Math.max(...times(true)) <= Math.min(...times(false));
        if (!isRight) faults.push(`${need} of ${all}`);
      }
    }
    expect(faults).toEqual([]);
  });
});

/** Every way in which up to so many sessions can be over: not at all, before, first, second. */
function rolls(size: number): Arrival[][] {
  if (size === 0) return [[]];
  const shorter = rolls(size - 1);
  const longest = shorter.filter((roll) => roll.length === size - 1);
  return [...shorter, ...longest.flatMap((roll) => [undefined, 0, 1, 2].map((arrival) => [...roll, arrival]))];
}
