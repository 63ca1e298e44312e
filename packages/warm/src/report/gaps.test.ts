import { describe, expect, it } from 'vitest';
import { gapsOf, isLost } from './gaps.ts';
import { conversation, MINUTE, START, turn } from './turns.test.fixture.ts';

const first = turn({ at: 0, read: 900, write: 100 });

describe('a gap', () => {
  it('lasts from the start of one request to that of the next, and is of what the first one left behind', () => {
    const { turns, gaps, last, lastPrefix } = gapsOf(
      conversation(
        turn({ at: 0, input: 50, read: 900, write: 100, tier: '1h' }),
        turn({ at: 7, read: 1_000, write: 20 }),
      ),
      new Set(),
    );
    expect(gaps).toEqual([
      { ms: 7 * MINUTE, returnedAt: START + 7 * MINUTE, model: 'm', tier: '1h', prefix: 1_000, kept: 1_000 },
    ]);
    expect([turns, last?.startedAt, lastPrefix]).toEqual([2, START + 7 * MINUTE, 1_020]);
  });

  it.each<[string, Parameters<typeof turn>[0], number | undefined]>([
    ['all of it was read', { at: 1, read: 1_000, write: 5 }, 1_000],
    ['a part of it was read', { at: 1, read: 400, write: 700 }, 400],
    ['nothing was read', { at: 1, write: 1_100 }, 0],
    ['more was read than it had', { at: 1, read: 1_200 }, 1_000],
    ['the prompt was shorter', { at: 1, read: 10, write: 900 }, undefined],
    ['another model was asked', { at: 1, write: 1_100, model: 'n' }, undefined],
  ])('tells how much was kept when %s', (_, detail, kept) => {
    expect(gapsOf(conversation(first, turn(detail)), new Set()).gaps[0]?.kept).toBe(kept);
  });

  it('is never negative, although clocks are set back', () => {
    expect(gapsOf(conversation(first, turn({ at: -5, read: 1_000 })), new Set()).gaps[0]?.ms).toBe(0);
  });

  it('is of the whole prompt with Codex, which does not tell what it wrote', () => {
    const turns = [turn({ at: 0, input: 800, read: 200 }), turn({ at: 1, input: 104, read: 896 })];
    expect(gapsOf({ agent: 'codex', turns }, new Set()).gaps).toMatchObject([{ prefix: 1_000, kept: 896 }]);
  });

  it.each([
    [0, 1_000, true],
    [499, 1_000, true],
    [500, 1_000, false],
    [1_000, 1_000, false],
    [undefined, 1_000, undefined],
    [0, 0, undefined],
  ])('with %s of %s tokens kept is lost: %s', (kept, prefix, lost) => {
    expect(isLost({ ms: 1, returnedAt: 1, model: 'm', kept, prefix })).toBe(lost);
  });
});

it('counts what a fork repeats once, and not the gap after it', () => {
  const seen = new Set<number>();
  const turns = [turn({ at: 0, read: 10 }), turn({ at: 1, read: 10 })];
  expect(gapsOf(conversation(...turns), seen)).toMatchObject({ turns: 2, gaps: [{ ms: MINUTE }] });
  const fork = gapsOf(conversation(...turns, turn({ at: 600, read: 10 }), turn({ at: 602, read: 10 })), seen);
  expect(fork).toMatchObject({ turns: 2, gaps: [{ ms: 2 * MINUTE }] });
  expect(gapsOf(conversation(...turns), seen)).toEqual({ turns: 0, gaps: [], last: undefined, lastPrefix: 0 });
});

it('counts what began since then, with the gap that ends there', () => {
  const turns = [turn({ at: 0, read: 10 }), turn({ at: 5, read: 10 }), turn({ at: 9, read: 10 })];
  const since = START + 5 * MINUTE;
  expect(gapsOf(conversation(...turns), new Set(), since)).toMatchObject({ turns: 2, gaps: [{ ms: 5 * MINUTE }, {}] });
  expect(gapsOf(conversation(...turns), new Set(), since + 10 * MINUTE)).toMatchObject({ turns: 0, last: undefined });
});
