import type { WarmClock, WarmFacts, WarmHistory, WarmMoney } from './facts.ts';

/** What the facts of one case are like. */
export interface Case {
  readonly power: 'on' | 'killed' | 'off';
  readonly left: 'an hour' | 'a second' | 'none';
  readonly session: 'alive' | 'unknown' | 'unknown, duration given' | 'over';
  readonly driver: WarmFacts['driver'];
  readonly history: 'none' | 'one mismatch' | 'two mismatches' | 'wrote' | 'broken even' | 'at its maximum';
  readonly money: 'fine' | 'no price' | 'budget spent' | 'one too dear' | 'tiny prefix' | 'too little' | 'unlikely';
  readonly gate: 'open' | 'active' | 'in flight' | 'backoff' | 'all shut';
  readonly clock: 'due' | 'early' | 'tried' | 'slept through' | 'cold' | 'cold, tried';
  readonly revive: boolean;
}

const LEFT_MS = { 'an hour': 3_600_000, 'a second': 1000, none: 0 };

const HISTORIES: Readonly<Record<Case['history'], WarmHistory>> = {
  none: { warms: 0, mismatches: 0, wrote: false },
  'one mismatch': { warms: 1, mismatches: 1, wrote: false, maxWarms: 5 },
  'two mismatches': { warms: 2, mismatches: 2, wrote: false },
  wrote: { warms: 2, mismatches: 2, wrote: true },
  'broken even': { warms: 11, mismatches: 0, wrote: false, maxWarms: 11 },
  'at its maximum': { warms: 5, mismatches: 1, wrote: false, maxWarms: 5 },
};

const FINE: WarmMoney = {
  pricing: {
    readPerMille: 100,
    writePerMille: 1250,
    writeHourPerMille: 2000,
    minPrefixTokens: 1024,
    inputPrice: 3000,
    outputPrice: 15_000,
  },
  tier: '5m',
  prefixTokens: 100_000,
  returnPerMille: 1000,
  spent: 100_000_000,
  threshold: 50_000_000,
};

const MONEY: Readonly<Record<Case['money'], WarmMoney>> = {
  fine: FINE,
  'no price': {
    ...FINE,
    pricing: { readPerMille: 100, writePerMille: 1250, writeHourPerMille: 2000, minPrefixTokens: 1024 },
  },
  'budget spent': { ...FINE, budget: 120_000_000 },
  'one too dear': { ...FINE, budgetPerWarm: 10_000_000 },
  'tiny prefix': { ...FINE, prefixTokens: 1023 },
  'too little': { ...FINE, prefixTokens: 15_000 },
  unlikely: { ...FINE, returnPerMille: 50 },
};

const TTL = { ttlMs: 300_000, intervalMs: 240_000 };

const CLOCKS: Readonly<Record<Case['clock'], Omit<WarmClock, 'backoffMs'>>> = {
  due: { ...TTL, ageMs: 250_000, planned: true },
  early: { ...TTL, ageMs: 60_000, planned: true, sinceAttemptMs: 60_000 },
  tried: { ...TTL, ageMs: 250_000, planned: true, sinceAttemptMs: 100_000 },
  'slept through': { ...TTL, ageMs: 295_000, planned: true },
  cold: { ...TTL, ageMs: 400_000, planned: false },
  'cold, tried': { ...TTL, ageMs: 400_000, planned: false, sinceAttemptMs: 100_000 },
};

/** Nothing speaks against a warm. */
export const PLAIN: Case = {
  power: 'on',
  left: 'an hour',
  session: 'alive',
  driver: 'ready',
  history: 'none',
  money: 'fine',
  gate: 'open',
  clock: 'due',
  revive: false,
};

export const EVERY_CASE: readonly Case[] = everyCase();

export function factsOf(c: Case): WarmFacts {
  return {
    killSwitch: c.power === 'killed',
    enabled: c.power !== 'off',
    leftMs: LEFT_MS[c.left],
    durationGiven: c.session === 'unknown, duration given',
    session: c.session === 'unknown, duration given' ? 'unknown' : c.session,
    caller: c.gate === 'active' || c.gate === 'all shut' ? 'active' : 'idle',
    inFlight: c.gate === 'in flight' || c.gate === 'all shut',
    driver: c.driver,
    revive: c.revive,
    clock: { ...CLOCKS[c.clock], backoffMs: c.gate === 'backoff' || c.gate === 'all shut' ? 20_000 : 0 },
    history: HISTORIES[c.history],
    money: MONEY[c.money],
  };
}

export function isRevival(c: Case): boolean {
  return c.revive && ['slept through', 'cold', 'cold, tried'].includes(c.clock);
}

function everyCase(): readonly Case[] {
  const keys = <T extends object>(of: T): (keyof T)[] => Object.keys(of) as (keyof T)[];
  const choices: { readonly [K in keyof Case]: readonly Case[K][] } = {
    power: ['on', 'killed', 'off'],
    left: ['an hour', 'none'],
    session: ['alive', 'unknown', 'unknown, duration given', 'over'],
    driver: ['ready', 'unavailable', 'not_replayable'],
    history: keys(HISTORIES),
    money: keys(MONEY),
    gate: ['open', 'active', 'in flight', 'backoff', 'all shut'],
    clock: keys(CLOCKS),
    revive: [false, true],
  };
  return Object.entries(choices).reduce<Partial<Case>[]>(
    (cases, [name, values]) => cases.flatMap((c) => values.map((value) => ({ ...c, [name]: value }))),
    [{}],
  ) as Case[];
}
