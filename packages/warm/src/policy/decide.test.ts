import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideWarm } from './decide.ts';
import { type Case, EVERY_CASE, factsOf, isRevival, PLAIN } from './facts.test.data.ts';
import type { WarmDecision, WarmFacts } from './facts.ts';
import { isWarmReason, WARM_REASONS, type WarmReason } from './reason.ts';

/** One line of the policy; the first that applies decides. */
interface Row {
  readonly reason: WarmReason;
  readonly kind: 'stop' | 'skip';
  readonly when: (c: Case) => boolean;
}

const POLICY: readonly Row[] = [
  { reason: 'kill_switch', kind: 'stop', when: (c) => c.power === 'killed' },
  { reason: 'not_enabled', kind: 'stop', when: (c) => c.power === 'off' },
  { reason: 'duration_elapsed', kind: 'stop', when: (c) => c.left === 'none' },
  { reason: 'session_ended', kind: 'stop', when: (c) => c.session === 'over' },
  { reason: 'probe_failed', kind: 'skip', when: (c) => c.session === 'unknown' },
  { reason: 'driver_unavailable', kind: 'stop', when: (c) => c.driver === 'unavailable' },
  { reason: 'not_replayable', kind: 'stop', when: (c) => c.driver === 'not_replayable' },
  { reason: 'cache_mismatch', kind: 'stop', when: (c) => c.history === 'wrote' },
  { reason: 'cache_mismatch', kind: 'skip', when: (c) => c.history === 'two mismatches' },
  { reason: 'break_even_reached', kind: 'stop', when: (c) => c.history === 'broken even' },
  { reason: 'max_warms', kind: 'stop', when: (c) => c.history === 'at its maximum' },
  { reason: 'budget_exhausted', kind: 'stop', when: (c) => c.money === 'budget spent' || c.money === 'one too dear' },
  { reason: 'below_min_prefix', kind: 'stop', when: (c) => c.money === 'tiny prefix' },
  {
    reason: 'below_threshold',
    kind: 'stop',
    when: (c) => ['too little', 'unlikely'].includes(c.money) && !isRevival(c),
  },
  { reason: 'session_active', kind: 'skip', when: (c) => c.gate === 'active' || c.gate === 'all shut' },
  { reason: 'refresh_in_progress', kind: 'skip', when: (c) => c.gate === 'in flight' },
  { reason: 'backoff', kind: 'skip', when: (c) => c.gate === 'backoff' },
  { reason: 'deadline_missed', kind: 'skip', when: (c) => c.clock === 'slept through' && !c.revive },
  { reason: 'predicted_cold', kind: 'skip', when: (c) => c.clock.startsWith('cold') && !c.revive },
  { reason: 'not_due', kind: 'skip', when: (c) => c.clock === 'early' },
  { reason: 'min_interval_not_elapsed', kind: 'skip', when: (c) => c.clock === 'tried' || c.clock === 'cold, tried' },
];

/** Reasons that other parts give: the state, the driver, the report. */
const OF_OTHERS: readonly WarmReason[] = ['no_new_records', 'source_cold', 'empty_render', 'superseded'];

function casesWhere(isWrong: (decision: WarmDecision, c: Case) => boolean): string[] {
  return EVERY_CASE.filter((c) => isWrong(decideWarm(factsOf(c)), c)).map((c) => JSON.stringify(c));
}

test('over every combination of facts the first line of the policy that applies decides, and without one a warm is due', () => {
  expect(EVERY_CASE.length).toBeGreaterThan(100_000);
  const isWrong = (decision: WarmDecision, c: Case): boolean => {
    const row = POLICY.find(({ when }) => when(c));
    if (row === undefined || decision.kind === 'due') return row !== undefined || decision.kind !== 'due';
    return decision.kind !== row.kind || decision.reason !== row.reason;
  };
  expect(casesWhere(isWrong)).toEqual([]);
});

test('every line of the policy decides some case, and every reason is one of the closed set', () => {
  const decisive = new Set(EVERY_CASE.map((c) => POLICY.find(({ when }) => when(c))));
  expect(POLICY.filter((row) => !decisive.has(row))).toEqual([]);
  expect(POLICY.every(({ reason }) => isWarmReason(reason))).toBe(true);
  const given = new Set([...POLICY.map(({ reason }) => reason), ...OF_OTHERS]);
  expect(WARM_REASONS.filter((reason) => !given.has(reason))).toEqual([]);
});

test('the README tells the same policy in the same order', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split('## When a warm is sent');
  const told = [...section.matchAll(/^\| (`.*?)\| (stop|skip) /gm)].flatMap(([, reasons = '', kind]) =>
    [...reasons.matchAll(/`(\w+)`/g)].map(([, reason]) => `${reason}: ${kind}`),
  );
  expect(told).toEqual(POLICY.map(({ reason, kind }) => `${reason}: ${kind}`));
});

test('a warm is never due while anything speaks against it', () => {
  const forbids = (facts: WarmFacts): boolean =>
    facts.killSwitch ||
    !facts.enabled ||
    facts.leftMs <= 0 ||
    facts.session === 'over' ||
    facts.caller === 'active' ||
    facts.inFlight ||
    facts.driver !== 'ready' ||
    facts.history.wrote ||
    facts.history.mismatches >= 2 ||
    facts.clock.backoffMs > 0 ||
    (facts.clock.ageMs >= facts.clock.ttlMs && !facts.revive);
  expect(casesWhere((decision, c) => decision.kind === 'due' && forbids(factsOf(c)))).toEqual([]);
});

test('who skips says when to look again: after now, in finite time, and not after the end of the time given', () => {
  const isWrong = (decision: WarmDecision, c: Case): boolean =>
    decision.kind === 'skip' &&
    !(Number.isSafeInteger(decision.againMs) && decision.againMs > 0 && decision.againMs <= factsOf(c).leftMs);
  expect(casesWhere(isWrong)).toEqual([]);
});

test.each<[string, Partial<Case>, WarmDecision]>([
  ['nothing speaks against it', {}, { kind: 'due', latestMs: 40_000 }],
  ['there is less time than the prefix lives', { left: 'a second' }, { kind: 'due', latestMs: 1000 }],
  ['the price is unknown', { money: 'no price' }, { kind: 'due', latestMs: 40_000 }],
  [
    'the session cannot be seen and a duration was given',
    { session: 'unknown, duration given' },
    { kind: 'due', latestMs: 40_000 },
  ],
  ['one warm did not read the prefix', { history: 'one mismatch' }, { kind: 'due', latestMs: 40_000 }],
  ['it is cold and is to be revived', { clock: 'cold', revive: true }, { kind: 'due', latestMs: 240_000 }],
  ['it is early', { clock: 'early' }, { kind: 'skip', reason: 'not_due', againMs: 180_000 }],
  [
    'it is early and the time ends before',
    { clock: 'early', left: 'a second' },
    { kind: 'skip', reason: 'not_due', againMs: 1000 },
  ],
  [
    'the last one was 100 s ago',
    { clock: 'tried' },
    { kind: 'skip', reason: 'min_interval_not_elapsed', againMs: 140_000 },
  ],
  ['the provider wants to be left alone', { gate: 'backoff' }, { kind: 'skip', reason: 'backoff', againMs: 20_000 }],
  ['it was slept through', { clock: 'slept through' }, { kind: 'skip', reason: 'deadline_missed', againMs: 240_000 }],
  ['it is cold', { clock: 'cold' }, { kind: 'skip', reason: 'predicted_cold', againMs: 240_000 }],
  ['two warms missed', { history: 'two mismatches' }, { kind: 'skip', reason: 'cache_mismatch', againMs: 240_000 }],
])('where %s, the decision is %3$j', (_, special, decision) => {
  expect(decideWarm(factsOf({ ...PLAIN, ...special }))).toEqual(decision);
});

function withMoney(money: Partial<WarmFacts['money']>, history: Partial<WarmFacts['history']> = {}): WarmDecision {
  const facts = factsOf(PLAIN);
  return decideWarm({ ...facts, money: { ...facts.money, ...money }, history: { ...facts.history, ...history } });
}

const reasonOf = (decision: WarmDecision): string => (decision.kind === 'due' ? 'due' : decision.reason);

test('the warm that is about to be sent counts against the budget', () => {
  // 100,000 tokens at $3 a million, read for a tenth: three cents.
  expect(reasonOf(withMoney({ spent: 70_000_000, budget: 100_000_000 }))).toBe('due');
  expect(reasonOf(withMoney({ spent: 70_000_001, budget: 100_000_000 }))).toBe('budget_exhausted');
  expect(reasonOf(withMoney({ budgetPerWarm: 30_000_000 }))).toBe('due');
  expect(reasonOf(withMoney({ budgetPerWarm: 29_999_999 }))).toBe('budget_exhausted');
});

test('a budget that is used up is used up, also where nobody can tell what one more would cost', () => {
  const { prefixTokens: _, ...unknown } = factsOf(PLAIN).money;
  const facts = { ...factsOf(PLAIN), money: { ...unknown, spent: 5, budget: 5 } };
  expect(reasonOf(decideWarm(facts))).toBe('budget_exhausted');
  expect(reasonOf(decideWarm({ ...facts, money: { ...unknown, spent: 4, budget: 5 } }))).toBe('due');
});

test('a revival has to fit into the budget as the rewrite that it is', () => {
  const facts = factsOf({ ...PLAIN, clock: 'cold', revive: true });
  const within = (budget: number): WarmDecision =>
    decideWarm({ ...facts, money: { ...facts.money, spent: 0, budget } });
  expect(reasonOf(within(375_000_000))).toBe('due');
  expect(reasonOf(within(374_999_999))).toBe('budget_exhausted');
});

test('a warm has to promise the least saving: its saving by the rewrite avoided, less its own price', () => {
  // (1.25 - 0.1) - 0.1 = 1.05 times thirty cents.
  expect(reasonOf(withMoney({ threshold: 315_000_000 }))).toBe('due');
  expect(reasonOf(withMoney({ threshold: 315_000_001 }))).toBe('below_threshold');
  expect(reasonOf(withMoney({ threshold: 0 }))).toBe('due');
  expect(reasonOf(withMoney({ threshold: 0, returnPerMille: 87 }))).toBe('due');
  expect(reasonOf(withMoney({ threshold: 0, returnPerMille: 86 }))).toBe('below_threshold');
});

test('a return that is too improbable speaks against a warm also where the price is unknown', () => {
  const { inputPrice: _, ...pricing } = factsOf(PLAIN).money.pricing;
  expect(reasonOf(withMoney({ pricing, returnPerMille: 86, threshold: 0 }))).toBe('below_threshold');
  expect(reasonOf(withMoney({ pricing, returnPerMille: 87, threshold: 50_000_000 }))).toBe('due');
});

test('eleven warms are sent and no twelfth, on a silent day too', () => {
  expect(reasonOf(withMoney({}, { warms: 10 }))).toBe('due');
  expect(reasonOf(withMoney({}, { warms: 11 }))).toBe('break_even_reached');
  expect(reasonOf(withMoney({ tier: '1h' }, { warms: 18 }))).toBe('due');
  expect(reasonOf(withMoney({ tier: '1h' }, { warms: 19 }))).toBe('break_even_reached');
});

test('whatever the clocks say, a due warm begins within the TTL, and nobody looks again at once for ever', () => {
  const ms = fc.oneof(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.double());
  const clocks = fc.record(
    {
      ageMs: ms,
      ttlMs: fc.integer({ min: 0, max: 5_000_000 }),
      intervalMs: fc.integer({ min: 1000, max: 5_000_000 }),
      sinceAttemptMs: ms,
    },
    { requiredKeys: ['ageMs', 'ttlMs', 'intervalMs'] },
  );
  fc.assert(
    fc.property(clocks, fc.integer({ min: 1, max: 10_000_000 }), (clock, leftMs) => {
      const facts = factsOf(PLAIN);
      const decision = decideWarm({ ...facts, leftMs, clock: { planned: false, backoffMs: 0, ...clock } });
      if (decision.kind === 'due') {
        expect(decision.latestMs).toBeGreaterThan(0);
        expect(clock.ageMs + decision.latestMs).toBeLessThanOrEqual(clock.ttlMs);
      } else if (decision.kind === 'skip') {
        expect(Number.isSafeInteger(decision.againMs) && decision.againMs > 0 && decision.againMs <= leftMs).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test('whoever looks again when told to finds a warm due before its last moment', () => {
  const ttl = fc.integer({ min: 12_000, max: 5_000_000 });
  fc.assert(
    fc.property(ttl, fc.integer({ min: 0, max: 100 }), fc.nat(1000), (ttlMs, percent, ageMs) => {
      const intervalMs = Math.max(1000, Math.floor(((ttlMs - 10_000) * percent) / 100));
      const at = (age: number): WarmDecision => {
        const clock = { ageMs: age, ttlMs, intervalMs, planned: true, backoffMs: 0 };
        return decideWarm({ ...factsOf(PLAIN), leftMs: 1e9, clock });
      };
      const first = at(ageMs);
      const second = first.kind === 'skip' ? at(ageMs + first.againMs) : first;
      expect(second.kind).toBe('due');
    }),
  );
});
