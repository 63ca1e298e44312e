import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerEntry, WarmVerdict } from '../store/ledger-entry.ts';
import { account, type Books } from './books.ts';
import type { Pricing } from './cache-price.ts';
import type { Usage } from './usage.ts';

const SONNET: Pricing = {
  readPerMille: 100,
  writePerMille: 1250,
  writeHourPerMille: 2000,
  minPrefixTokens: 1024,
  inputPrice: 3000,
  outputPrice: 15_000,
};
const RULES = { pricing: SONNET, tier: '5m', ttlMs: 300_000 } as const;
const { inputPrice: _, outputPrice: __, ...NO_PRICE } = SONNET;

/** Of 100,000 tokens, in billionths of a dollar. */
const READ = 30_000_000;
const REWRITE = 375_000_000;

const hit: Usage = { input: 0, read: 100_000, write: 0, writeHour: 0, output: 0 };
const miss: Usage = { input: 0, read: 0, write: 100_000, writeHour: 0, output: 0 };

/** The caller's own request, `at` seconds. */
function use(at: number, usage: Usage = hit): LedgerEntry {
  return { kind: 'use', id: `use-${at}`, at: at * 1000, usage };
}

function sending(at: number, rest: { readonly revival?: true } = {}): LedgerEntry {
  return { kind: 'sending', id: `warm-${at}`, at: at * 1000, generation: 1, ...rest };
}

type BeatParts = Partial<Omit<Extract<LedgerEntry, { kind: 'beat' }>, 'kind' | 'at'>>;

function beat(at: number, verdict: WarmVerdict = 'full', rest: BeatParts = {}): LedgerEntry {
  const usage = verdict === 'error' || verdict === 'no_usage' ? null : verdict === 'wrote' ? miss : hit;
  return {
    kind: 'beat',
    id: `warm-${at}`,
    at: at * 1000,
    generation: 1,
    driver: 'command',
    verdict,
    usage,
    cost: null,
    durationMs: 900,
    expected: 100_000,
    ...rest,
  };
}

function booksOf(...entries: LedgerEntry[]): Books {
  return account(entries, RULES);
}

test('without a line there is nothing in the books, and nothing is known', () => {
  expect(booksOf()).toEqual({
    warms: 0,
    full: 0,
    failed: 0,
    unaccounted: 0,
    tokens: { input: null, read: null, write: null, writeHour: null, output: null },
    hitPercent: null,
    retentionPercent: null,
    prefixPercent: null,
    money: { spent: 0, avoided: 0, net: 0 },
    spentAtLeast: 0,
    sinceUse: { warms: 0, mismatches: 0, wrote: false },
  });
});

test('warms that held the prefix past its life avoid the rewrite of the request that then read it', () => {
  const books = booksOf(use(0), beat(240), beat(480), use(600));
  expect(books.money).toEqual({ spent: 2 * READ, avoided: REWRITE - READ, net: REWRITE - 3 * READ });
  expect(books).toMatchObject({ warms: 2, full: 2, hitPercent: 100, retentionPercent: 100, prefixTokens: 100_000 });
  expect(books).toMatchObject({ lastUseAt: 600_000, lastFullAt: 480_000, lastAttemptAt: 480_000 });
  expect(books.sinceUse).toEqual({ warms: 0, mismatches: 0, wrote: false });
});

test.each<[string, LedgerEntry[]]>([
  ['the caller came back while its own request still held it', [use(0), beat(240), use(299)]],
  ['the caller has not come back: the last unpaid warms count', [use(0), beat(240), beat(480)]],
  ['the request that came read nothing', [use(0), beat(240), use(500, miss)]],
  ['its usage says nothing of a read', [use(0), beat(240), use(500, { ...hit, read: null })]],
  ['the last warm was too long ago to have held it', [use(0), beat(240), use(541)]],
  ['the warm was answered after it had been called off', [use(0), beat(240, 'full', { stale: true }), use(500)]],
  ['the warm read it in part', [use(0), beat(240, 'partial'), use(500)]],
  ['the warm failed', [use(0), beat(240, 'error'), use(500)]],
  ['nobody lived to see the answer', [use(0), sending(240), use(500)]],
  ['there was no warm, and the provider kept it by itself', [use(0), use(500)]],
])('nothing is avoided where %s', (_, entries) => {
  expect(booksOf(...entries).money?.avoided).toBe(0);
});

test('where the request before is not in the books the first full hit stands for it', () => {
  expect(booksOf(beat(240), beat(480), use(600)).money?.avoided).toBe(REWRITE - READ);
  expect(booksOf(beat(240), use(400)).money?.avoided).toBe(0);
});

test('no more is avoided than a warm has read and the caller has read', () => {
  const half = { ...hit, read: 50_000 };
  const avoided = (REWRITE - READ) / 2;
  expect(booksOf(use(0), beat(240, 'full', { usage: half }), use(500)).money?.avoided).toBe(avoided);
  expect(booksOf(use(0), beat(240), use(500, half)).money?.avoided).toBe(avoided);
});

test('each return is paid for by its own warms', () => {
  const { money } = booksOf(use(0), beat(240), use(500), beat(740), use(1000), use(1100));
  expect(money).toEqual({ spent: 2 * READ, avoided: 2 * (REWRITE - READ), net: 2 * REWRITE - 4 * READ });
});

describe('a return that several sessions of one caller have warmed for', () => {
  const proofTimes = fc.array(fc.integer({ min: 1, max: 800 }), { maxLength: 4 });
  const avoided = (own: LedgerEntry[], others: LedgerEntry[]) => account(own, RULES, others).money?.avoided;

  test('is claimed by the books alone that hold the last proof before it', () => {
    const first = [use(0), beat(300), use(560)];
    const last = [use(0), beat(420), use(560)];
    expect([avoided(first, last), avoided(last, first)]).toEqual([0, REWRITE - READ]);
  });

  test('is claimed once, too, where both proofs began in the same millisecond', () => {
    const one = [use(0), beat(300, 'full', { id: 'one' }), use(560)];
    const other = [use(0), beat(300, 'full', { id: 'other' }), use(560)];
    expect([avoided(one, other), avoided(other, one)].toSorted()).toEqual([0, REWRITE - READ].toSorted());
  });

  test.each<[string, LedgerEntry[]]>([
    ['was sent before the caller’s request before', [beat(90), use(100), use(560)]],
    ['came after it', [beat(570)]],
    ['proved nothing', [beat(430, 'short'), beat(440, 'full', { stale: true }), sending(450)]],
  ])('is left to no other books whose warm %s', (_, others) => {
    expect(avoided([use(100), beat(390), use(560)], others)).toBe(REWRITE - READ);
  });

  test('is never claimed twice', () => {
    fc.assert(
      fc.property(proofTimes, proofTimes, (one, other) => {
        const returns = [use(0), use(700)];
        const own = one.map((at) => beat(at, 'full', { id: `one ${at}` }));
        const others = other.map((at) => beat(at, 'full', { id: `other ${at}` }));
        const claimed = [avoided([...returns, ...own], others), avoided([...returns, ...others], own)];
        const isHeld = [...one, ...other].some((at) => at >= 400 && at < 700);
        expect(claimed.toSorted()).toEqual(isHeld ? [0, REWRITE - READ] : [0, 0]);
      }),
    );
  });
});

test('a warm whose answer nobody lived to see counts as one that read the prefix', () => {
  const books = booksOf(use(0), sending(240));
  expect(books).toMatchObject({ warms: 1, full: 0, unaccounted: 1, lastAttemptAt: 240_000 });
  expect(books.sinceUse.warms).toBe(1);
  expect(books.money).toEqual({ spent: READ, avoided: 0, net: -READ });
});

test.each<[string, LedgerEntry]>([
  ['nobody lived to see answered', sending(400, { revival: true })],
  ['was called off', beat(400, 'error', { revival: true, reason: 'superseded', stale: true })],
  ['was cut off', beat(400, 'error', { revival: true, reason: 'probe_failed' })],
  ['was answered without usage', beat(400, 'no_usage', { revival: true })],
])('a revival that %s is taken to have written the prefix', (_, entry) => {
  const books = booksOf(use(0), entry);
  expect(books).toMatchObject({ warms: 1, money: { spent: REWRITE }, spentAtLeast: REWRITE });
  expect(account([use(0), entry], { ...RULES, tier: '1h' }).money?.spent).toBe(20 * READ);
});

test('a revival that told what it did costs what it told', () => {
  expect(booksOf(use(0), beat(400, 'full', { revival: true })).money?.spent).toBe(READ);
  expect(booksOf(use(0), beat(400, 'no_usage', { revival: true, cost: 7 })).money?.spent).toBe(7);
});

test('an answer takes the place of its announcement, whichever line comes first', () => {
  const entries = [use(0), sending(240), beat(240)];
  expect(booksOf(...entries)).toEqual(booksOf(...entries.toReversed()));
  expect(booksOf(...entries)).toMatchObject({ warms: 1, unaccounted: 0 });
});

test('a line that is there twice counts once', () => {
  const entries = [use(0), sending(240), beat(240), use(500)];
  expect(booksOf(...entries, ...entries)).toEqual(booksOf(...entries));
});

test.each(['backoff', 'driver_unavailable', 'not_replayable', 'predicted_cold'] as const)(
  'a warm that was refused (%s) is a failure, and was not paid for',
  (reason) => {
    const books = booksOf(use(0), beat(240, 'error', { reason }));
    expect(books).toMatchObject({ warms: 0, failed: 1, money: { spent: 0 } });
    expect(books.sinceUse.warms).toBe(0);
    expect(books.lastAttemptAt).toBeUndefined();
  },
);

test('a warm that was cut off may have been paid for, and is not one that was answered', () => {
  const books = booksOf(use(0), beat(240, 'error'));
  expect(books).toMatchObject({ warms: 1, failed: 1, money: { spent: READ } });
  expect(books.lastAttemptAt).toBeUndefined();
});

test('a failure that is known to have cost nothing is none that was paid for', () => {
  expect(booksOf(use(0), beat(240, 'error', { cost: 0 }))).toMatchObject({ warms: 0, failed: 1, money: { spent: 0 } });
});

test('what a driver says of the cost goes before the table', () => {
  expect(booksOf(use(0), beat(240, 'full', { cost: 7 })).money?.spent).toBe(7);
});

test('without a price nothing is claimed, but what is known to be spent counts for limits', () => {
  const books = account([use(0), beat(240, 'full', { cost: 7 }), beat(480), use(600)], { ...RULES, pricing: NO_PRICE });
  expect(books.money).toBeNull();
  expect(books.spentAtLeast).toBe(7);
  expect(books).toMatchObject({ warms: 2, tokens: { read: 200_000 }, hitPercent: 100 });
});

test('a warm of which neither the cost nor the prefix is known makes the money unknown', () => {
  const books = booksOf(beat(240, 'no_usage', { expected: null }));
  expect(books).toMatchObject({ warms: 1, money: null, spentAtLeast: 0 });
});

test('a warm that was counted and cannot be priced makes the money unknown: it may have been a rewrite', () => {
  const { outputPrice: _, ...pricing } = SONNET;
  const answered = beat(240, 'wrote', { usage: { ...miss, output: 5 } });
  expect(account([use(0), answered], { ...RULES, pricing }).money).toBeNull();
  expect(booksOf(use(0), answered).money?.spent).toBe(REWRITE + 75_000);
});

test('the percentages are of the warms that tell them', () => {
  const books = booksOf(
    beat(240, 'partial', { usage: { input: 3, read: 4000, write: 96_000, writeHour: 0, output: 0 } }),
    beat(480, 'partial', { usage: { ...hit, input: null, read: 96_000, write: null } }),
    beat(720, 'no_usage'),
  );
  expect(books).toMatchObject({
    hitPercent: 3,
    retentionPercent: 4,
    tokens: { read: 100_000, write: 96_000, input: 3 },
  });
});

describe('how much of the caller’s prefix was read', () => {
  const read = (tokens: number): Usage => ({ ...hit, read: tokens });

  test('is little where warms have read all of a prompt that is hardly any of it', () => {
    const books = booksOf(beat(240, 'short', { usage: read(4000) }), beat(480, 'short', { usage: read(4000) }));
    expect(books).toMatchObject({ hitPercent: 100, retentionPercent: 100, prefixPercent: 4 });
  });

  test.each<[string, LedgerEntry[], number | null]>([
    ['is all of it where no more could be', [beat(240), beat(480)], 100],
    ['is no more than all, however long the warm’s own prompt', [beat(240, 'full', { usage: read(900_000) })], 100],
    ['is of those warms that tell it', [beat(240), beat(480, 'error'), beat(720, 'no_usage')], 100],
    ['is not made up for by one that has read more', [beat(1, 'full', { usage: read(300_000) }), beat(2, 'wrote')], 50],
    ['is nothing where it was written', [beat(240, 'wrote')], 0],
    ['is not known where nobody knows the prefix', [beat(240, 'full', { expected: null })], null],
    ['is not known of a prefix without a token', [beat(240, 'full', { expected: 0 })], null],
    ['is not known without a read', [beat(240, 'no_usage', { usage: { ...hit, read: null } })], null],
    ['is not known of what nobody saw answered', [sending(240)], null],
  ])('%s', (_, entries, percent) => {
    expect(booksOf(...entries).prefixPercent).toBe(percent);
  });
});

test('what a warm has proved counts since the last use, and a stale one proves nothing', () => {
  const before = [use(0), beat(100, 'wrote'), beat(200, 'short')];
  expect(booksOf(...before).sinceUse).toEqual({ warms: 2, mismatches: 2, wrote: true, lastVerdict: 'short' });
  expect(booksOf(...before, use(300)).sinceUse).toEqual({ warms: 0, mismatches: 0, wrote: false });
  // A request that begins in the same millisecond reads the prefix after all that went before.
  expect(booksOf(beat(300, 'wrote'), use(300)).sinceUse).toEqual({ warms: 0, mismatches: 0, wrote: false });
  const after = [...before, use(300), beat(400), beat(500, 'wrote', { stale: true })];
  expect(booksOf(...after).sinceUse).toEqual({ warms: 2, mismatches: 0, wrote: false, lastVerdict: 'full' });
});

test('the last prefix that is known is the expected one', () => {
  expect(booksOf(use(0), use(10, { ...hit, read: 120_000 }), use(20, { ...hit, read: null })).prefixTokens).toBe(
    120_000,
  );
});

const verdicts = fc.constantFrom<WarmVerdict>('full', 'partial', 'short', 'wrote', 'no_usage', 'error');
const seconds = fc.integer({ min: 0, max: 5000 });
const line = fc.oneof(
  seconds.map((at) => use(at)),
  seconds.map((at) => use(at, miss)),
  seconds.map(sending),
  fc.tuple(seconds, verdicts, fc.boolean()).map(([at, verdict, stale]) => beat(at, verdict, stale ? { stale } : {})),
);
/** As in life: one id is of one request. */
const ledger = fc.uniqueArray(line, { selector: (entry) => `${entry.kind} ${entry.id}`, maxLength: 40 });

test('net is what was avoided less what was spent, and neither is ever negative', () => {
  fc.assert(
    fc.property(ledger, (entries) => {
      const { money, spentAtLeast } = booksOf(...entries);
      if (money === null) return;
      expect(money.net).toBe(money.avoided - money.spent);
      expect(money.spent).toBe(spentAtLeast);
      expect(Math.min(money.avoided, money.spent)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('a saving is never claimed without a full hit that was paid for', () => {
  fc.assert(
    fc.property(ledger, (entries) => {
      const { money, full, warms } = booksOf(...entries);
      if ((money?.avoided ?? 0) > 0) expect(full).toBeGreaterThan(0);
      expect(full).toBeLessThanOrEqual(warms);
    }),
  );
});

test('the order of the lines says nothing', () => {
  fc.assert(
    fc.property(
      ledger.chain((entries) =>
        fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
      ),
      ([entries, shuffled]) => {
        expect(booksOf(...shuffled)).toEqual(booksOf(...entries));
      },
    ),
  );
});
