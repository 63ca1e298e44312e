import type { Turn } from '@csa/transcript';
import { breakEven, chooseInterval, pricingFor, readCost, tierOf, writeCost } from '@csa/warm';
import type { WarmLimits } from '../warm-settings.ts';

/** What warming would come to, before anything is sent. Money in billionths of a dollar; `null`: unknown. */
export interface OnPlan {
  readonly intervalMs: number;
  /** So many requests cost no more than writing the conversation into the cache anew. */
  readonly breakEven: number;
  /** Within the time, the break-even, --max-warms and the budget. */
  readonly requestsAtMost: number;
  readonly prefixTokens: number | null;
  readonly costEach: number | null;
  /** Of the caller's own next request, should the cache be cold. */
  readonly costCold: number | null;
  /** Milliseconds since the caller's last request began. */
  readonly ageMs: number | null;
  readonly isCold: boolean;
}

export interface OnPlanning {
  readonly limits: WarmLimits;
  readonly durationMs: number;
  readonly turn: Turn | undefined;
  /** When the caller's last request began, in milliseconds since the epoch. */
  readonly lastUseAt: number | undefined;
  readonly now: number;
}

export function planOn({ limits, durationMs, turn, lastUseAt, now }: OnPlanning): OnPlan {
  const tier = tierOf(limits.ttl.ms);
  const pricing = pricingFor(limits.model, limits.prices);
  const intervalMs = chooseInterval(limits.intervalMs, limits.ttl.ms);
  const most = breakEven(pricing, tier);
  const prefixTokens = turn === undefined ? null : turn.tokens.input + turn.tokens.read + turn.tokens.write;
  const ageMs = lastUseAt === undefined ? null : Math.max(0, now - lastUseAt);
  const isPriced = prefixTokens !== null && pricing.inputPrice !== undefined;
  const costEach = isPriced ? readCost(prefixTokens, pricing) : null;
  const paid = costEach === null || costEach === 0 ? most : Math.floor((limits.budget ?? Infinity) / costEach);
  return {
    intervalMs,
    breakEven: most,
    requestsAtMost: Math.min(most, limits.maxWarms ?? most, paid, Math.floor(durationMs / intervalMs)),
    prefixTokens,
    costEach,
    costCold: isPriced ? writeCost(prefixTokens, pricing, tier) : null,
    ageMs,
    isCold: ageMs !== null && ageMs >= limits.ttl.ms,
  };
}
