import type { LedgerEntry, WarmVerdict } from '../store/ledger-entry.ts';
import { costOf, readCost, writeCost } from './economics.ts';
import { isMismatch } from './judge.ts';
import type { CacheTier, Pricing } from './pricing.ts';
import { hitPercent, promptTokens, retentionPercent, type Usage } from './usage.ts';

type Beat = Extract<LedgerEntry, { kind: 'beat' }>;
type Sending = Extract<LedgerEntry, { kind: 'sending' }>;
type Use = Extract<LedgerEntry, { kind: 'use' }>;
type Warm = Beat | Sending;

export interface BookRules {
  readonly pricing: Pricing;
  readonly tier: CacheTier;
  readonly ttlMs: number;
}

/** What warming a conversation has come to. Times in milliseconds since the epoch. */
export interface Books {
  /** All that were sent, or may have been. */
  readonly warms: number;
  readonly full: number;
  readonly failed: number;
  /** Begun, and nobody lived to see the answer: each counts as a warm that was paid for. */
  readonly unaccounted: number;
  /** Of all warms together, as far as their usage says. */
  readonly tokens: { readonly read: number; readonly write: number; readonly input: number };
  readonly hitPercent: number | null;
  readonly retentionPercent: number | null;
  /** `null`: a price is unknown, and nothing is claimed. */
  readonly money: Money | null;
  readonly sinceUse: SinceUse;
  /** The caller's prefix as its own last request shows it, in tokens. */
  readonly prefixTokens?: number;
  readonly lastUseAt?: number;
  /** When the last warm that read the whole prefix began: from there it lives. */
  readonly lastFullAt?: number;
  /** When the last warm began that was or may have been paid for. */
  readonly lastAttemptAt?: number;
}

/** In billionths of a dollar, always all three: a saving means nothing without its price. */
export interface Money {
  readonly spent: number;
  readonly avoided: number;
  readonly net: number;
}

/** Since the caller itself last used the prefix. */
export interface SinceUse {
  readonly warms: number;
  readonly mismatches: number;
  readonly wrote: boolean;
  readonly lastVerdict?: WarmVerdict;
}

/** The books of a conversation by the lines of its ledger, whose order is not trusted; an id counts once. */
export function account(entries: readonly LedgerEntry[], rules: BookRules): Books {
  const sorted = entries.toSorted((a, b) => a.at - b.at);
  const uses = once(sorted.filter((entry) => entry.kind === 'use'));
  const warms = warmsOf(sorted);
  const beats = warms.filter((warm) => warm.kind === 'beat');
  const lastUse = uses.at(-1);
  const total = totalOf(beats);
  return {
    warms: warms.length,
    full: beats.filter(isProof).length,
    failed: beats.filter(({ verdict }) => verdict === 'error').length,
    unaccounted: warms.length - beats.length,
    tokens: { read: total.read ?? 0, write: total.write ?? 0, input: total.input ?? 0 },
    hitPercent: hitPercent(total),
    retentionPercent: retentionPercent(total),
    money: moneyOf(warms, uses, rules),
    sinceUse: sinceUse(warms, lastUse),
    ...defined('prefixTokens', prefixOf(uses)),
    ...defined('lastUseAt', lastUse?.at),
    ...defined('lastFullAt', beats.findLast(isProof)?.at),
    ...defined('lastAttemptAt', warms.findLast(isPaid)?.at),
  };
}

/** Each warm once: its answer where there is one, else its announcement. */
function warmsOf(sorted: readonly LedgerEntry[]): readonly Warm[] {
  const beats = once(sorted.filter((entry) => entry.kind === 'beat'));
  const answered = new Set(beats.map(({ id }) => id));
  const unanswered = once(sorted.filter((entry) => entry.kind === 'sending')).filter(({ id }) => !answered.has(id));
  return [...beats, ...unanswered].sort((a, b) => a.at - b.at);
}

function once<T extends { readonly id: string }>(entries: readonly T[]): readonly T[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.id, entry])).values()].reverse();
}

/** Whether a warm has shown that the caller's prefix was there, while it still counted. */
function isProof(warm: Warm): warm is Beat {
  return warm.kind === 'beat' && warm.verdict === 'full' && warm.stale !== true;
}

function isPaid(warm: Warm): boolean {
  return warm.kind === 'sending' || warm.verdict !== 'error';
}

function sinceUse(warms: readonly Warm[], lastUse: Use | undefined): SinceUse {
  const since = warms.filter(({ at }) => lastUse === undefined || at > lastUse.at);
  const verdicts = since.flatMap((warm) => (warm.kind === 'beat' && warm.stale !== true ? [warm.verdict] : []));
  return {
    warms: since.length,
    mismatches: verdicts.filter(isMismatch).length,
    wrote: verdicts.includes('wrote'),
    ...defined('lastVerdict', verdicts.at(-1)),
  };
}

function prefixOf(uses: readonly Use[]): number | undefined {
  return uses.map(({ usage }) => promptTokens(usage)).findLast((tokens) => tokens !== null) ?? undefined;
}

function moneyOf(warms: readonly Warm[], uses: readonly Use[], rules: BookRules): Money | null {
  const costs = warms.map((warm) => costOfWarm(warm, uses, rules.pricing));
  const spent = costs.reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);
  const avoided = rules.pricing.inputPrice === undefined ? null : avoidedBy(warms, uses, rules);
  return spent === null || avoided === null ? null : { spent, avoided, net: avoided - spent };
}

/** What nobody counted is taken to have read the prefix. */
function costOfWarm(warm: Warm, uses: readonly Use[], pricing: Pricing): number | null {
  const known = warm.kind === 'beat' ? (warm.cost ?? (warm.usage && costOf(warm.usage, pricing))) : null;
  if (known !== null) return known;
  const tokens = (warm.kind === 'beat' ? warm.expected : null) ?? prefixOf(uses.filter(({ at }) => at <= warm.at));
  return tokens === undefined ? null : readCost(tokens, pricing);
}

/**
 * What the caller's own requests would have cost more without the warms: each that came after the prefix would have
 * gone cold, was held by a warm, and shows by its usage that it was read.
 */
function avoidedBy(warms: readonly Warm[], uses: readonly Use[], rules: BookRules): number {
  return uses.reduce((sum, use, i) => {
    const previous = uses[i - 1]?.at;
    const between = warms.filter(isProof).filter(({ at }) => at < use.at && (previous === undefined || at > previous));
    const coldSince = (previous ?? between[0]?.at ?? use.at) + rules.ttlMs;
    const held = between.filter(({ at }) => use.at - at <= rules.ttlMs);
    if (use.at <= coldSince || held.length === 0) return sum;
    const tokens = Math.min(use.usage.read ?? 0, Math.max(...held.map((beat) => beat.usage?.read ?? 0)));
    const saved = (writeCost(tokens, rules.pricing, rules.tier) ?? 0) - (readCost(tokens, rules.pricing) ?? 0);
    return sum + Math.max(0, saved);
  }, 0);
}

/** The sums over all whose usage says something; a part that one of them leaves out is unknown. */
function totalOf(beats: readonly Beat[]): Usage {
  const usages = beats.flatMap(({ usage }) => (usage === null ? [] : [usage]));
  const sum = (part: keyof Usage): number | null =>
    usages.length === 0
      ? null
      : usages.reduce<number | null>((total, usage) => {
          const value = usage[part];
          return total === null || value === null ? null : total + value;
        }, 0);
  return {
    input: sum('input'),
    read: sum('read'),
    write: sum('write'),
    writeHour: sum('writeHour'),
    output: sum('output'),
  };
}

function defined<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: V });
}
