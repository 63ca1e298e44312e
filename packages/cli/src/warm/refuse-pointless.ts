import { present } from '@csa/calls';
import { Refusal } from '@csa/session';
import {
  type Books,
  decideWarm,
  openWarmStore,
  pricingFor,
  tierOf,
  viewWarm,
  type WarmFacts,
  type WarmKey,
  type WarmReason,
} from '@csa/warm';
import { REASON_WORDS } from './reason-words.ts';
import type { OnPlan } from './switch/on-plan.ts';
import type { WarmLimits } from './warm-settings.ts';

/** What is known before it is switched on. Times in milliseconds. */
export interface OnProspect {
  readonly limits: WarmLimits;
  readonly plan: OnPlan;
  readonly durationMs: number;
  /** What was sent for the conversation before; absent: nothing. */
  readonly books?: Books;
  /** When the caller's last request began, since the epoch. */
  readonly lastUseAt?: number;
}

const NEXT: Partial<Readonly<Record<WarmReason, string>>> = {
  below_threshold: 'Lower it with --threshold; 0 sends whatever saves anything',
  budget_exhausted: 'Raise --budget or --budget-per-warm',
  max_warms: 'Raise --max-warms, or let the conversation itself take a turn',
};

/** A heartbeat that would end before it has sent anything is not started. @throws Refusal with the reason of its end */
export async function refusePointless(key: WarmKey, prospect: OnProspect, env: NodeJS.ProcessEnv): Promise<void> {
  const view = await viewWarm(openWarmStore(env).record(key), Date.now());
  const reason = pointlessBy({ ...prospect, ...present({ books: view?.books ?? undefined }) });
  if (reason === undefined) return;
  throw new Refusal({
    reason,
    what: 'nothing would be sent',
    expected: 'a request that pays, within the limits that are set',
    got: `none: ${REASON_WORDS[reason]}`,
    next: NEXT[reason] ?? 'Let the conversation itself take a turn, or wait once in the background',
    command: ['session', 'warm', 'on', '--help'],
  });
}

/** Why a heartbeat would end at its first look; `undefined`: it would not. */
export function pointlessBy({ limits, plan, durationMs, books, lastUseAt }: OnProspect): WarmReason | undefined {
  const hasReturned = (lastUseAt ?? 0) > (books?.lastUseAt ?? Number.POSITIVE_INFINITY);
  const history = books === undefined || hasReturned ? { warms: 0, mismatches: 0, wrote: false } : books.sinceUse;
  const decision = decideWarm({
    killSwitch: false,
    enabled: true,
    leftMs: durationMs,
    durationGiven: true,
    session: 'alive',
    caller: 'idle',
    inFlight: false,
    driver: 'ready',
    revive: limits.revive,
    clock: {
      ageMs: plan.ageMs ?? 0,
      ttlMs: limits.ttl.ms,
      intervalMs: plan.intervalMs,
      planned: false,
      backoffMs: 0,
    },
    history: { ...history, ...present({ maxWarms: limits.maxWarms }) },
    money: moneyOf(limits, plan, books),
  });
  return decision.kind === 'stop' ? decision.reason : undefined;
}

function moneyOf(limits: WarmLimits, { prefixTokens }: OnPlan, books: Books | undefined): WarmFacts['money'] {
  const { budget, budgetPerWarm, threshold, prices, model, ttl } = limits;
  return {
    pricing: pricingFor(model, prices),
    tier: tierOf(ttl.ms),
    // As long as the session lives a caller is taken to return.
    returnPerMille: 1_000,
    spent: books?.spentAtLeast ?? 0,
    threshold,
    ...present({ budget, budgetPerWarm, prefixTokens: prefixTokens ?? undefined }),
  };
}
