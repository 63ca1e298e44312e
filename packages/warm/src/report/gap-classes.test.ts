import { describe, expect, it } from 'vitest';
import { classifyGaps, findColdPoint } from './gap-classes.ts';
import type { Gap } from './gaps.ts';
import { MINUTE } from './turns.test.fixture.ts';

/** So many gaps of that many minutes, after which that part of a thousand tokens was kept. */
function gaps(count: number, minutes: number, kept: number | undefined): Gap[] {
  return Array.from({ length: count }, () => ({
    ms: minutes * MINUTE,
    returnedAt: 1,
    model: 'm',
    prefix: 1_000,
    kept,
  }));
}

it('adds up returns by how long the gap was', () => {
  const some = [...gaps(2, 4.5, 1_000), ...gaps(1, 4, 200), ...gaps(1, 0.2, 900), ...gaps(3, 5_000, 0)];
  expect(classifyGaps([...some, ...gaps(9, 3, undefined)])).toEqual([
    { fromMs: 0, toMs: MINUTE, returns: 1, lost: 0, prefixTokens: 1_000, keptTokens: 900 },
    { fromMs: 4 * MINUTE, toMs: 5 * MINUTE, returns: 3, lost: 1, prefixTokens: 3_000, keptTokens: 2_200 },
    { fromMs: 1_440 * MINUTE, toMs: null, returns: 3, lost: 3, prefixTokens: 3_000, keptTokens: 0 },
  ]);
  expect(classifyGaps([])).toEqual([]);
});

describe('the cold point', () => {
  const of = (...some: ReadonlyArray<readonly Gap[]>) => findColdPoint(classifyGaps(some.flat()));
  const minutes = (low: number, high: number) => ({ keptToMs: low * MINUTE, lostFromMs: high * MINUTE });

  it('lies between the longest gaps that keep a prefix and the shortest that lose it', () => {
    const measured = of(gaps(20, 1, 1_000), gaps(5, 4.5, 1_000), gaps(4, 6.5, 0));
    expect(measured).toEqual({ kind: 'measured', ...minutes(5, 6), misfits: 0 });
  });

  it('is where the fewest returns say otherwise', () => {
    const early = gaps(3, 1, 0);
    const late = gaps(1, 20, 1_000);
    const measured = of(gaps(20, 1, 1_000), early, gaps(6, 5.5, 0), late, gaps(5, 40, 0));
    expect(measured).toEqual({ kind: 'measured', ...minutes(2, 5), misfits: 4 });
  });

  it('is that of an hour when the prefix lives for an hour', () => {
    const measured = of(gaps(9, 50, 990), gaps(4, 58, 990), gaps(4, 61, 10), gaps(4, 300, 10));
    expect(measured).toEqual({ kind: 'measured', ...minutes(60, 60), misfits: 0 });
  });

  it('is not seen where nothing was lost by waiting', () => {
    expect(of(gaps(20, 1, 1_000), gaps(2, 31, 1_000))).toEqual({ kind: 'not_seen', longestKeptMs: 30 * MINUTE });
    expect(of(gaps(20, 1, 1_000), gaps(4, 1, 0))).toEqual({ kind: 'not_seen', longestKeptMs: MINUTE });
  });

  it('is nowhere without some returns on both sides', () => {
    expect(of()).toEqual({ kind: 'too_few', kept: 0, lost: 0 });
    expect(of(gaps(2, 1, 1_000), gaps(9, 20, 0))).toEqual({ kind: 'too_few', kept: 2, lost: 9 });
    expect(of(gaps(9, 20, 0))).toEqual({ kind: 'too_few', kept: 0, lost: 9 });
  });

  it('is not made of two losses', () => {
    expect(of(gaps(9, 1, 1_000), gaps(2, 20, 0))).toEqual({ kind: 'not_seen', longestKeptMs: MINUTE });
  });
});
