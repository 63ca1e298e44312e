import { present } from '@csa/calls';
import type { Turn } from '@csa/transcript';
import { breakEven, chooseTtl, planTurn, pricingFor, type TtlSource, tierOf } from '@csa/warm';

/** What is known of the caller's prompt cache before a turn waits. Times in milliseconds. */
export interface TurnPlan {
  readonly ttl: { readonly ms: number; readonly source: TtlSource };
  /** What is foretold of the cache. */
  readonly cache: ReturnType<typeof planTurn>['cache'];
  /** When the caller must be asked again at the latest. */
  readonly deadlineMs: number;
  /** How long a turn lasts whose request has just begun. */
  readonly fullMs: number;
  /** So many turns cost no more than writing the conversation into the cache anew. */
  readonly breakEven: number;
}

export interface TurnEvidence {
  /** The caller's last request, as its own transcript shows it. */
  readonly turn: Turn | undefined;
  /** Milliseconds. */
  readonly configTtlMs: number | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** By what the caller's own transcript shows; without one by the config and what is usual. */
export function turnPlan({ turn, configTtlMs, now }: TurnEvidence): TurnPlan {
  const tier = turn?.tier;
  const ttl = chooseTtl(present({ tier, configMs: configTtlMs }));
  const known = { ttlMs: ttl.ms };
  const { deadlineMs, cache } = planTurn(turn === undefined ? known : { ...known, ageMs: now - turn.startedAt });
  return {
    ttl,
    cache,
    deadlineMs,
    fullMs: planTurn(turn === undefined ? known : { ...known, ageMs: 0 }).deadlineMs,
    breakEven: breakEven(pricingFor(turn?.model), tier ?? tierOf(ttl.ms)),
  };
}
