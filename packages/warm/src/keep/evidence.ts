import { account, type Books } from '../policy/books.ts';
import { chooseInterval, chooseTtl, tierOf } from '../policy/life.ts';
import type { BookRules } from '../policy/money.ts';
import { type CacheTier, type Pricing, pricingFor } from '../policy/pricing.ts';
import { promptTokens } from '../policy/usage.ts';
import type { LedgerEntry } from '../store/ledger-entry.ts';
import type { WarmSettings, WarmState } from '../store/warm-state.ts';

/** What a state and its books say of the caller's prefix, at any time. */
export interface Evidence {
  readonly ttl: WarmSettings['ttl'];
  readonly tier: CacheTier;
  /** Before any jitter. */
  readonly intervalMs: number;
  readonly pricing: Pricing;
  readonly books: Books;
  /** When the last request began that read the prefix, in milliseconds since the epoch. */
  readonly anchor: number;
  /** That there was such a request at all, and not only the wish to keep its prefix. */
  readonly isAnchorKnown: boolean;
  /** In tokens; absent: unknown. */
  readonly prefixTokens?: number;
}

/**
 * Weighs what is known. Only what a request itself has shown moves the anchor; a wish to warm does not.
 *
 * @param others what stands in the books of the same caller's other sessions: its prefix is one, whoever warms it
 */
export function weigh(
  state: WarmState,
  entries: readonly LedgerEntry[],
  others: readonly LedgerEntry[] = [],
): Evidence {
  const { settings } = state;
  const uses = entries.filter((entry) => entry.kind === 'use').sort((a, b) => a.at - b.at);
  const written = settings.ttl.source === 'transcript' ? tierOf(settings.ttl.ms) : undefined;
  const ttl = ttlBy(settings, uses.findLast((use) => use.tier !== undefined)?.tier ?? written);
  const tier = tierOf(ttl.ms);
  const model = settings.model ?? uses.findLast((use) => use.model !== undefined)?.model;
  const pricing = pricingFor(model, settings.prices);
  const books = booksOf(entries, others, { pricing, tier, ttlMs: ttl.ms });
  const known = [state.anchor, books.lastUseAt, books.lastFullAt].filter((at) => at !== undefined);
  const prefixTokens = books.prefixTokens ?? prefixRead(entries, books.lastFullAt);
  return {
    ttl,
    tier,
    intervalMs: chooseInterval(settings.intervalMs, ttl.ms),
    pricing,
    books,
    anchor: known.length > 0 ? Math.max(...known) : switchedOnAt(state),
    isAnchorKnown: known.length > 0,
    ...(prefixTokens === undefined ? {} : { prefixTokens }),
  };
}

/** Money is each session's own; what has happened to the prefix is not. */
function booksOf(entries: readonly LedgerEntry[], others: readonly LedgerEntry[], rules: BookRules): Books {
  const own = account(entries, rules, others);
  if (others.length === 0) return own;
  const { sinceUse, lastFullAt, lastAttemptAt } = account([...entries, ...others], rules);
  return {
    ...own,
    sinceUse,
    ...(lastFullAt === undefined ? {} : { lastFullAt }),
    ...(lastAttemptAt === undefined ? {} : { lastAttemptAt }),
  };
}

function ttlBy({ ttl }: WarmSettings, tier: CacheTier | undefined): WarmSettings['ttl'] {
  return chooseTtl({
    ...(ttl.source === 'flag' ? { flagMs: ttl.ms } : {}),
    ...(tier === undefined ? {} : { tier }),
    ...(ttl.source === 'config' ? { configMs: ttl.ms } : {}),
  });
}

function prefixRead(entries: readonly LedgerEntry[], fullAt: number | undefined): number | undefined {
  const full = entries.find((entry) => entry.kind === 'beat' && entry.verdict === 'full' && entry.at === fullAt);
  return full?.kind === 'beat' && full.usage !== null ? (promptTokens(full.usage) ?? undefined) : undefined;
}

function switchedOnAt({ power }: WarmState): number {
  return power.kind === 'on' ? power.since : power.at;
}
