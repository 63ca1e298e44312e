import { type Attempt, type Beat, isProof, type Use } from './attempts.ts';
import type { CacheTier, Pricing } from './cache-price.ts';
import { costOf, readCost, writeCost } from './economics.ts';
import { promptTokens } from './usage.ts';

export interface BookRules {
  readonly pricing: Pricing;
  readonly tier: CacheTier;
  readonly ttlMs: number;
}

/** What has happened, each in the order in which it began. */
export interface Story {
  readonly warms: readonly Attempt[];
  readonly uses: readonly Use[];
  /** What the same caller's other sessions have proved of its prefix, which is one. */
  readonly proofsBeside: readonly Beat[];
}

/** In billionths of a dollar, always all three: a saving means nothing without its price. */
export interface Money {
  readonly spent: number;
  readonly avoided: number;
  readonly net: number;
}

/**
 * What warming has cost and what it has spared; `null`: a price is unknown, and nothing is claimed.
 *
 * @param costs of the warms, as {@link costsOf} gives them
 */
export function moneyOf(costs: readonly (number | null)[], story: Story, rules: BookRules): Money | null {
  const { warms, uses, proofsBeside } = story;
  if (rules.pricing.inputPrice === undefined) return null;
  const spent = total(costs);
  const own = proofsBefore(uses, warms.filter(isProof));
  const beside = proofsBefore(uses, proofsBeside);
  const avoided = total(
    uses.map((use, i) => {
      const proofs = own[i] ?? [];
      return isLast(proofs, beside[i] ?? []) ? avoidedFor(use, { previous: uses[i - 1], proofs, rules }) : 0;
    }),
  );
  return spent === null || avoided === null ? null : { spent, avoided, net: avoided - spent };
}

/**
 * Of each warm, in billionths of a dollar. What nobody counted is taken to have read the caller's prefix, and a revival
 * to have written it; what was counted and cannot be priced is unknown, for it may have been a rewrite.
 */
export function costsOf(
  { warms, uses }: Pick<Story, 'warms' | 'uses'>,
  { pricing, tier }: BookRules,
): readonly (number | null)[] {
  const prefixes = prefixesAt(warms, uses);
  return warms.map((warm, i) => {
    if (warm.kind === 'beat' && warm.cost !== null) return warm.cost;
    if (warm.kind === 'beat' && warm.usage !== null) return costOf(warm.usage, pricing);
    const tokens = (warm.kind === 'beat' ? warm.expected : null) ?? prefixes[i];
    if (tokens === undefined) return null;
    return warm.revival === true ? writeCost(tokens, pricing, tier) : readCost(tokens, pricing);
  });
}

/** The caller's prefix in tokens at the time of each warm, as the last of its requests before that tells shows it. */
function prefixesAt(warms: readonly Attempt[], uses: readonly Use[]): readonly (number | undefined)[] {
  let prefix: number | undefined;
  let next = 0;
  return warms.map(({ at }) => {
    for (let use = uses[next]; use !== undefined && use.at <= at; use = uses[next]) {
      prefix = promptTokens(use.usage) ?? prefix;
      next += 1;
    }
    return prefix;
  });
}

/** For each use the proofs between it and the one before. */
function proofsBefore(uses: readonly Use[], proofs: readonly Beat[]): readonly (readonly Beat[])[] {
  let next = 0;
  return uses.map((use) => {
    const first = next;
    while ((proofs[next]?.at ?? Number.POSITIVE_INFINITY) < use.at) next += 1;
    return proofs.slice(first, next);
  });
}

/** Whether the last of all proofs is one of `own`: what it spared may be claimed once. */
function isLast(own: readonly Beat[], beside: readonly Beat[]): boolean {
  const [mine, other] = [own.at(-1), beside.at(-1)];
  if (mine === undefined || other === undefined) return true;
  return mine.at === other.at ? mine.id > other.id : mine.at > other.at;
}

interface Return {
  readonly previous: Use | undefined;
  /** The full hits since then. */
  readonly proofs: readonly Beat[];
  readonly rules: BookRules;
}

/**
 * What a request of the caller's would have cost more without the warms: only where it came after the prefix would have
 * gone cold, a warm had held it in time, and the request's own usage shows that it was read. Where the request before is
 * not known the first full hit stands for it: it was not before that one.
 */
function avoidedFor(use: Use, { previous, proofs, rules }: Return): number | null {
  const lastWithout = previous?.at ?? proofs[0]?.at ?? use.at;
  if (use.at - lastWithout <= rules.ttlMs) return 0;
  const holding = proofs.filter(({ at }) => use.at - at <= rules.ttlMs);
  const held = Math.max(0, ...holding.map(({ usage }) => usage?.read ?? 0));
  const tokens = Math.min(use.usage.read ?? 0, held);
  const rewritten = writeCost(tokens, rules.pricing, rules.tier);
  const read = readCost(tokens, rules.pricing);
  return rewritten === null || read === null ? null : Math.max(0, rewritten - read);
}

function total(parts: readonly (number | null)[]): number | null {
  return parts.reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}
