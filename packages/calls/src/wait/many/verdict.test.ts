import { finished, outcomeOf } from '@csa/testkit';
import type { WaitEnd } from '@csa/wait';
import { describe, expect, it } from 'vitest';
import { decider, endingOf, type MemberState, stateOf } from './verdict.ts';

const ENDS: readonly (readonly [name: string, end: WaitEnd, state: MemberState])[] = [
  ['success', finished(outcomeOf('success', 0)), 'fine'],
  ['retired', finished(outcomeOf('retired', 0)), 'fine'],
  ['failure', finished(outcomeOf('failure', 3)), 'failed'],
  ['failure that is recorded as 0', finished(outcomeOf('failure', 0)), 'failed'],
  ['success that is none', finished(outcomeOf('success', 2)), 'failed'],
  ['dead', { kind: 'dead' }, 'dead'],
  ['undetermined', { kind: 'undetermined', reason: 'proc-hidden' }, 'unknown'],
  ['lost', { kind: 'lost' }, 'unknown'],
  ['alias trouble', { kind: 'alias-trouble', reason: 'alias-loop' }, 'unknown'],
  ['alive', { kind: 'alive' }, 'alive'],
  ['interrupted while alive', { kind: 'interrupted', daemon: 'alive' }, 'alive'],
  ['interrupted while unknown', { kind: 'interrupted', daemon: 'unknown' }, 'unknown'],
];

it.each(ENDS)('%s means: %s', (...[, end, state]) => {
  expect(stateOf(end)).toBe(state);
});

/** Every row of up to three ends. */
function rows(): WaitEnd[][] {
  const ends = ENDS.map(([, end]) => end);
  const pairs = ends.flatMap((a) => ends.map((b) => [a, b]));
  return [...ends.map((end) => [end]), ...pairs, ...pairs.flatMap((pair) => ends.map((end) => [...pair, end]))];
}

describe('of every row of up to three sessions', () => {
  it('the first that failed decides, else the first dead one, unknown one, living one, the first', () => {
    const wrong = rows().filter((row) => {
      const states = row.map(stateOf);
      const expected = (['failed', 'dead', 'unknown', 'alive'] as const)
        .map((state) => states.indexOf(state))
        .find((index) => index !== -1);
      return decider(row) !== (expected ?? 0);
    });
    expect(wrong).toEqual([]);
  });

  it('the marker of an interrupted wait says so, whatever has ended', () => {
    expect(new Set(rows().map((row) => endingOf('interrupted', row)))).toEqual(new Set(['interrupted']));
  });

  it('the marker says completed where the need is met, or dead where a dead one decides', () => {
    const over = rows().filter((row) => row.every((end) => ['finished', 'dead'].includes(end.kind)));
    const wrong = over.filter((row) => {
      const decides = stateOf(row[decider(row) ?? 0] as WaitEnd);
      return endingOf('met', row) !== (decides === 'dead' ? 'dead' : 'completed');
    });
    expect(wrong).toEqual([]);
  });

  it('at the cap it is never completed while one lives or may live', () => {
    const open = rows().filter((row) => row.some((end) => ['alive', 'undetermined'].includes(end.kind)));
    expect(open.filter((row) => endingOf('unmet', row) === 'completed')).toEqual([]);
  });

  it('at the cap it is alive only where one lives', () => {
    const warm = rows().filter((row) => endingOf('unmet', row) === 'alive');
    expect(warm.length).toBeGreaterThan(0);
    expect(warm.filter((row) => !row.map(stateOf).includes('alive'))).toEqual([]);
  });
});

const [FINE, FAILED, DEAD, ALIVE] = [
  finished(outcomeOf('success', 0)),
  finished(outcomeOf('failure', 3)),
  { kind: 'dead' } as const,
  { kind: 'alive' } as const,
];
const HIDDEN: WaitEnd = { kind: 'undetermined', reason: 'proc-hidden' };
const LOST: WaitEnd = { kind: 'lost' };

it.each<[string, WaitEnd[], string]>([
  ['some live', [FINE, ALIVE], 'alive'],
  ['some live and one failed: the failure keeps its code, the wait goes on', [FAILED, ALIVE], 'alive'],
  ['some live, one failed and one is unknown', [FAILED, ALIVE, HIDDEN], 'alive'],
  ['some live and one is dead', [DEAD, ALIVE], 'dead'],
  ['one is unknown and some live', [ALIVE, HIDDEN], 'unknown'],
  ['one failed and one is unknown', [FAILED, HIDDEN], 'unknown'],
  ['one is unknown and one lost', [LOST, HIDDEN], 'unknown'],
  ['one is lost', [FINE, LOST], 'error'],
  ['one is lost and some live', [ALIVE, LOST], 'error'],
  ['one is lost and one failed: nothing is left to wait for', [FAILED, LOST], 'completed'],
])('at the cap where %s', (_, ends, ending) => {
  expect(endingOf('unmet', ends)).toBe(ending);
});
