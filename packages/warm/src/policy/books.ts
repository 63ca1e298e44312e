import type { LedgerEntry, WarmVerdict } from '../store/ledger-entry.ts';
import { type Attempt, attemptsOf, type Beat, isProof, isRefused, type Use, usesOf } from './attempts.ts';
import { defined } from './defined.ts';
import { isMismatch } from './judge.ts';
import { type BookRules, costsOf, type Money, moneyOf } from './money.ts';
import { hitPercent, prefixPercent, promptTokens, retentionPercent, type Usage } from './usage.ts';

/** What warming a conversation has come to. Times in milliseconds since the epoch. */
export interface Books {
  /** All that were paid for, or may have been. */
  readonly warms: number;
  readonly full: number;
  /** Refused, cut off or never sent. */
  readonly failed: number;
  /** Begun, and nobody lived to see the answer: each counts as a warm that was paid for. */
  readonly unaccounted: number;
  /** Of all warms together, as far as they say; `null`: none does. */
  readonly tokens: Usage;
  readonly hitPercent: number | null;
  readonly retentionPercent: number | null;
  /**
   * Of the caller's prefix, how much the warms have read: a warm that reads all of its own prompt, which is not the
   * caller's, is a hit of 100 % and of no use. `null`: no warm tells.
   */
  readonly prefixPercent: number | null;
  /** `null`: a price is unknown, and nothing is claimed. */
  readonly money: Money | null;
  /** For limits: as far as prices are known, in billionths of a dollar. Not to be shown without what it avoided. */
  readonly spentAtLeast: number;
  readonly sinceUse: SinceUse;
  /** The caller's prefix as its own last request shows it, in tokens. */
  readonly prefixTokens?: number;
  readonly lastUseAt?: number;
  /** When the last warm that read the whole prefix began: from there it lives. */
  readonly lastFullAt?: number;
  /** When the last warm began that was answered, or whose end nobody saw. */
  readonly lastAttemptAt?: number;
}

/** Since the caller itself last used the prefix. */
export interface SinceUse {
  readonly warms: number;
  readonly mismatches: number;
  readonly wrote: boolean;
  readonly lastVerdict?: WarmVerdict;
}

/**
 * The books of a conversation by the lines of its ledger, whose order is not trusted; an id counts once.
 *
 * @param others lines of the same caller's other sessions: what they have spared is not claimed again
 */
export function account(entries: readonly LedgerEntry[], rules: BookRules, others: readonly LedgerEntry[] = []): Books {
  const uses = usesOf(entries);
  const attempts = attemptsOf(entries);
  const warms = attempts.filter((attempt) => !isRefused(attempt));
  const beats = warms.filter((warm) => warm.kind === 'beat');
  const lastUse = uses.at(-1);
  const costs = costsOf({ warms, uses }, rules);
  return {
    warms: warms.length,
    full: beats.filter(isProof).length,
    failed: attempts.filter((attempt) => attempt.kind === 'beat' && attempt.verdict === 'error').length,
    unaccounted: warms.length - beats.length,
    ...usageOf(beats),
    money: moneyOf(costs, { warms, uses, proofsBeside: attemptsOf(others).filter(isProof) }, rules),
    spentAtLeast: costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
    sinceUse: sinceUse(warms, lastUse),
    ...defined('prefixTokens', prefixOf(uses)),
    ...defined('lastUseAt', lastUse?.at),
    ...defined('lastFullAt', beats.findLast(isProof)?.at),
    ...defined('lastAttemptAt', warms.findLast((warm) => warm.kind === 'sending' || warm.verdict !== 'error')?.at),
  };
}

/** Each percentage is of those warms that tell it. */
function usageOf(beats: readonly Beat[]): Pick<Books, 'tokens' | 'hitPercent' | 'retentionPercent' | 'prefixPercent'> {
  const usages = beats.flatMap(({ usage }) => (usage === null ? [] : [usage]));
  return {
    tokens: totalOf(usages),
    hitPercent: hitPercent(totalOf(usages.filter((usage) => hitPercent(usage) !== null))),
    retentionPercent: retentionPercent(totalOf(usages.filter((usage) => retentionPercent(usage) !== null))),
    prefixPercent: prefixPercent(
      beats.flatMap(({ usage, expected }) => {
        const read = usage?.read ?? null;
        return read === null || expected === null ? [] : [{ read, expected }];
      }),
    ),
  };
}

function totalOf(usages: readonly Usage[]): Usage {
  const total = (part: keyof Usage): number | null => {
    const known = usages.map((usage) => usage[part]).filter((count) => count !== null);
    return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
  };
  return {
    input: total('input'),
    read: total('read'),
    write: total('write'),
    writeHour: total('writeHour'),
    output: total('output'),
  };
}

/** A warm that had been called off is paid for, and proves nothing, neither good nor bad. */
function sinceUse(warms: readonly Attempt[], lastUse: Use | undefined): SinceUse {
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
