import { type Attempt, type Beat, isProof, type Use } from './attempts.ts';
import { costOf, readCost, writeCost } from './economics.ts';
import type { CacheTier, Pricing } from './pricing.ts';
import { promptTokens } from './usage.ts';

export interface BookRules {
  readonly pricing: Pricing;
  readonly tier: CacheTier;
  readonly ttlMs: number;
}

/** In billionths of a dollar, always all three: a saving means nothing without its price. */
export interface Money {
  readonly spent: number;
  readonly avoided: number;
  readonly net: number;
}

/** What warming has cost and what it has spared; `null`: a price is unknown, and nothing is claimed. */
export function moneyOf(warms: readonly Attempt[], uses: readonly Use[], rules: BookRules): Money | null {
  const spent = total(costsOf(warms, uses, rules.pricing));
  const avoided = total(uses.map((use, i) => avoidedFor(use, uses[i - 1], { warms, rules })));
  if (spent === null || avoided === null || rules.pricing.inputPrice === undefined) return null;
  return { spent, avoided, net: avoided - spent };
}

/** Of each warm, in billionths of a dollar; what nobody counted is taken to have read the caller's prefix. */
export function costsOf(warms: readonly Attempt[], uses: readonly Use[], pricing: Pricing): readonly (number | null)[] {
  return warms.map((warm) => {
    const known = warm.kind === 'beat' ? (warm.cost ?? (warm.usage && costOf(warm.usage, pricing))) : null;
    if (known !== null) return known;
    const tokens = (warm.kind === 'beat' ? warm.expected : null) ?? prefixOf(uses.filter(({ at }) => at <= warm.at));
    return tokens === undefined ? null : readCost(tokens, pricing);
  });
}

/** The caller's prefix as the last of its requests that tells shows it, in tokens. */
export function prefixOf(uses: readonly Use[]): number | undefined {
  return uses.map(({ usage }) => promptTokens(usage)).findLast((tokens) => tokens !== null) ?? undefined;
}

/**
 * What a request of the caller's would have cost more without the warms: only where it came after the prefix would have
 * gone cold, a warm had held it in time, and the request's own usage shows that it was read.
 */
function avoidedFor(
  use: Use,
  previous: Use | undefined,
  { warms, rules }: { warms: readonly Attempt[]; rules: BookRules },
): number | null {
  const between = warms
    .filter(isProof)
    .filter(({ at }) => at < use.at && at > (previous?.at ?? Number.NEGATIVE_INFINITY));
  const lastWithout = previous?.at ?? between[0]?.at ?? use.at;
  if (use.at - lastWithout <= rules.ttlMs) return 0;
  const tokens = Math.min(use.usage.read ?? 0, mostRead(between.filter(({ at }) => use.at - at <= rules.ttlMs)));
  const rewritten = writeCost(tokens, rules.pricing, rules.tier);
  const read = readCost(tokens, rules.pricing);
  return rewritten === null || read === null ? null : Math.max(0, rewritten - read);
}

function mostRead(beats: readonly Beat[]): number {
  return Math.max(0, ...beats.map(({ usage }) => usage?.read ?? 0));
}

function total(parts: readonly (number | null)[]): number | null {
  return parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}
