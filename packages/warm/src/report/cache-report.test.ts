import { expect, it } from 'vitest';
import { pricingFor } from '../policy/pricing.ts';
import { CacheTally } from './cache-report.ts';
import { conversation, MINUTE, START, turn } from './turns.test.fixture.ts';

const TERMS = { since: 0, now: START + 10_000 * MINUTE, pricingOf: () => pricingFor() };

it('says nothing of nothing', () => {
  expect(new CacheTally(TERMS).report()).toMatchObject({ conversations: 0, turns: 0, gaps: 0, groups: [] });
});

it('adds up conversations, by agent and tier', () => {
  const tally = new CacheTally(TERMS);
  const told = (tier: '5m' | '1h' | undefined, ...reads: readonly number[]) =>
    reads.map((read, i) => turn({ at: 10 * i, read, write: 100 - read, tier }));
  tally.add(conversation(...told('1h', 100, 100, 100, 50)));
  tally.add(conversation(...told('5m', 100, 0)));
  tally.add({ agent: 'codex', turns: told(undefined, 100, 100) });
  tally.add(conversation());
  const { groups, warming, ...sums } = tally.report();
  expect(sums).toEqual({
    conversations: 3,
    turns: 8,
    gaps: 5,
    changed: 0,
    firstAt: START,
    lastAt: START + 30 * MINUTE,
  });
  expect(groups.map(({ agent, tier, returns }) => [agent, tier, returns])).toEqual([
    ['claude-code', '1h', 3],
    ['claude-code', '5m', 1],
    ['codex', null, 1],
  ]);
  expect(groups[0]?.classes).toMatchObject([{ returns: 3, lost: 0, prefixTokens: 300, keptTokens: 250 }]);
  expect(warming).toMatchObject({ idleGaps: 2, coldReturns: 1 });
});

it('leaves out what is older, and counts what tells nothing', () => {
  const tally = new CacheTally({ ...TERMS, since: START + 5 * MINUTE });
  tally.add(
    conversation(turn({ at: 0, read: 9 }), turn({ at: 6, read: 9, model: 'n' }), turn({ at: 7, read: 9, model: 'n' })),
  );
  tally.add(conversation(turn({ at: 0, read: 9 })));
  expect(tally.report()).toMatchObject({
    conversations: 1,
    turns: 2,
    gaps: 2,
    changed: 1,
    firstAt: START + 6 * MINUTE,
  });
});
