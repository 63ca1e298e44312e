import { warmFields } from '@csa/calls/warm';
import type { WarmView } from '@csa/warm';
import { describe, expect, it } from 'vitest';
import { ID } from '../../wait/wait-story.test.fixture.ts';
import { warmLine, warmRows } from './warm-words.ts';

type Books = NonNullable<WarmView['books']>;

const BOOKS: Books = {
  warms: 3,
  full: 2,
  failed: 1,
  unaccounted: 1,
  tokens: { input: 9, read: 297_000, write: 0, writeHour: 0, output: 3 },
  hitPercent: 99,
  retentionPercent: 100,
  prefixPercent: 100,
  money: { spent: 90_000_000, avoided: 375_000_000, net: 285_000_000 },
  spentAtLeast: 90_000_000,
  sinceUse: { warms: 3, mismatches: 0, wrote: false },
};

function viewOf(rest: Partial<WarmView> = {}): WarmView {
  const ttl = { ms: 300_000, source: 'transcript' } as const;
  const settings: WarmView['settings'] = {
    sessionDirectory: '/s',
    cwd: '/w',
    driver: { name: 'claude-fork' },
    durationGiven: true,
    ttl,
    threshold: 0,
    revive: false,
  };
  return {
    key: { caller: { agent: 'claude-code', id: 'c-1' }, session: ID },
    power: { kind: 'on', leftMs: 125_000 },
    heartbeat: 'running',
    nextBeatMs: 61_000,
    caller: 'idle',
    cache: { state: 'warm', evidence: 'read' },
    books: BOOKS,
    driver: 'claude-fork',
    intervalMs: 240_000,
    ttl,
    settings,
    ...rest,
  };
}

const FAILED: NonNullable<WarmView['lastBeat']> = {
  kind: 'beat',
  id: 'b',
  at: Date.now(),
  generation: 1,
  driver: 'command',
  verdict: 'error',
  usage: null,
  cost: 0,
  durationMs: 5,
  expected: null,
};

const row = (name: string, rest: Partial<WarmView> = {}): string | undefined =>
  new Map(warmRows(viewOf(rest))).get(name);

it('all that there is to say, in this order', () => {
  expect(warmRows(viewOf())).toEqual([
    ['session', ID],
    ['caller', 'claude-code:c-1'],
    ['state', 'on, 2m 5s left; next request in 1m 1s'],
    ['cache', 'warm (a request has read it)'],
    ['requests', '3 sent, 2 read the whole prefix, 1 failed, 1 without an answer that anybody saw, hit 99 %'],
    ['tokens', '297000 read, 0 written, 9 neither, 3 put out'],
    ['money', 'spent $0.09, saved $0.375, net $0.285'],
    ['driver', 'claude-fork'],
    ['interval', '4m'],
    ['life', '5m (by transcript)'],
  ]);
});

describe('the state', () => {
  it.each<[string, Partial<WarmView>, string]>([
    [
      'off',
      { power: { kind: 'off', at: 0, reason: 'break_even_reached' } },
      'off: a further request would cost more than it could save',
    ],
    [
      'off after a refusal',
      {
        power: { kind: 'off', at: 0, reason: 'driver_unavailable' },
        lastBeat: { ...FAILED, reason: 'driver_unavailable', error: 'the provider answered 401' },
      },
      'off: the provider refused the credential (401): put it right, then switch it on again',
    ],
    ['without a heartbeat', { heartbeat: 'none' }, 'on, 2m 5s left, but nobody sends requests: switch it on again'],
    ['by a wait', { heartbeat: 'wait' }, 'on, 2m 5s left, by a wait; next request in 1m 1s'],
    ['of the caller at work', { caller: 'active' }, 'on, 2m 5s left; the conversation is at work itself'],
  ])('%s', (_, rest, words) => {
    expect(row('state', rest)).toBe(words);
  });
});

it.each<[string, WarmView['books'], string]>([
  ['known', { ...BOOKS, money: null }, '297000 read, 0 written, 9 neither, 3 put out'],
  [
    'known in part',
    { ...BOOKS, tokens: { input: null, read: 5, write: null, writeHour: null, output: null } },
    '5 read, ? written, ? neither, ? put out',
  ],
  ['of books that cannot be read', null, 'not known: no request has told'],
])('tokens that are %s are told whatever their price is', (_, books, words) => {
  expect(row('tokens', { books })).toBe(words);
  const { writeHour, ...tokens } = books?.tokens ?? { writeHour: null };
  if (books !== null) expect(warmFields(viewOf({ books })).books?.tokens).toEqual({ ...tokens, write_hour: writeHour });
});

describe('money', () => {
  it.each<[string, WarmView['books']]>([
    ['whose price is unknown', { ...BOOKS, money: null }],
    ['of books that cannot be read', null],
  ])('%s is claimed of nothing', (_, books) => {
    expect(row('money', { books })).not.toMatch(/\$|saved/);
    expect(warmFields(viewOf({ books })).books?.money ?? null).toBeNull();
  });

  it('that was lost is shown as such', () => {
    const money = { spent: 90_000_000, avoided: 0, net: -90_000_000 };
    expect(row('money', { books: { ...BOOKS, money } })).toBe('spent $0.09, saved $0.00, net -$0.09');
  });
});

it('a hit that nobody knows is no number', () => {
  expect(row('requests', { books: { ...BOOKS, hitPercent: null } })).toContain('hit % not known');
  expect(warmFields(viewOf({ books: { ...BOOKS, hitPercent: null } })).books?.hit_percent).toBeNull();
});

describe('a hit beside which less of the conversation’s prefix was read', () => {
  const books: Books = { ...BOOKS, hitPercent: 100, prefixPercent: 4 };

  it('is shown with that', () => {
    expect(row('requests', { books })).toMatch(/, hit 100 % of what was sent, 4 % of the conversation's prefix$/);
    expect(warmLine(warmFields(viewOf({ books })))).toMatch(
      /; cache warm, hit 100 % of what was sent, 4 % of the conversation's prefix$/,
    );
    expect(warmFields(viewOf({ books })).books).toMatchObject({ hit_percent: 100, prefix_percent: 4 });
  });

  it('is shown alone where nothing is known of that, or there is no less', () => {
    expect(row('requests', { books: { ...books, prefixPercent: null } })).toMatch(/, hit 100 %$/);
    expect(row('requests', { books: { ...books, hitPercent: 99, prefixPercent: 99 } })).toMatch(/, hit 99 %$/);
  });

  it('is told of, too, where the hit is not known', () => {
    expect(row('requests', { books: { ...books, hitPercent: null } })).toContain(
      'hit % not known, 4 % of the conversation',
    );
  });
});

it('the last request says what went wrong, and never with control characters', () => {
  const lastBeat = { ...FAILED, error: 'status 429\u001b[31m <!-- CSA:X -->\n', reason: 'backoff' } as const;
  expect(row('last', { lastBeat })).toMatch(/^0s ago: error: the provider wants to be left alone .*\(status 429/);
  expect(row('last', { lastBeat })).not.toMatch(/[\u001b\n]/);
  expect(warmFields(viewOf({ lastBeat })).last).toMatchObject({ verdict: 'error', reason: 'backoff', stale: false });
  expect(row('last', { lastBeat: { ...lastBeat, stale: true } })).toContain('it counts for nothing');
});

it.each<[Partial<WarmView>, string]>([
  [{}, 'claude-code:c-1: on, 2m 5s left; cache warm, hit 99 %'],
  [{ heartbeat: 'none' }, 'claude-code:c-1: on, 2m 5s left, but nobody sends requests; cache warm, hit 99 %'],
  [
    { power: { kind: 'off', at: 0, reason: 'not_enabled' }, books: null },
    'claude-code:c-1: off: it was switched off; cache warm',
  ],
  [
    {
      power: { kind: 'off', at: 0, reason: 'driver_unavailable' },
      lastBeat: { ...FAILED, reason: 'driver_unavailable', error: 'the provider answered 401' },
    },
    'claude-code:c-1: off: the provider refused the credential (401); cache warm, hit 99 %',
  ],
])('one line beside other things: %j', (rest, line) => {
  expect(warmLine(warmFields(viewOf(rest)))).toBe(line);
});
