import type { CacheTier, Pricing } from './cache-price.ts';
import type { WarmReason } from './reason.ts';

/** All that a decision about the next warm rests on: values only, gathered at one moment. Times in milliseconds. */
export interface WarmFacts {
  /** CSA_WARM=off. */
  readonly killSwitch: boolean;
  readonly enabled: boolean;
  /** Until the time that the user gave is over. */
  readonly leftMs: number;
  /** The user said for how long; else a session that cannot be seen is no reason to go on. */
  readonly durationGiven: boolean;
  readonly session: 'alive' | 'over' | 'unknown';
  /** `active`: the caller's own request is under way, which reads the cache by itself. */
  readonly caller: 'idle' | 'active';
  /** Of this conversation, or of another one on the same credential. */
  readonly inFlight: boolean;
  readonly driver: 'ready' | 'unavailable' | 'not_replayable';
  /** What is cold is left alone unless this was asked for. */
  readonly revive: boolean;
  readonly clock: WarmClock;
  readonly history: WarmHistory;
  readonly money: WarmMoney;
}

export interface WarmClock {
  /** Since the start of the last request that read the prefix: the longer one of monotonic and wall time. */
  readonly ageMs: number;
  readonly ttlMs: number;
  readonly intervalMs: number;
  /** A beat was planned for this prefix and its time has been slept through: a suspend, a jump of the clock. */
  readonly planned: boolean;
  /**
   * Since the last attempt that was answered, or whose end nobody saw; absent: none. One that failed is what `backoffMs`
   * is for.
   */
  readonly sinceAttemptMs?: number;
  /** Until a provider may be asked again; 0: now. */
  readonly backoffMs: number;
}

/** Since the caller itself last used the prefix. */
export interface WarmHistory {
  readonly warms: number;
  readonly mismatches: number;
  /** One warm wrote more than it read: the prefix is not the caller's, or was gone. */
  readonly wrote: boolean;
  readonly maxWarms?: number;
}

export interface WarmMoney {
  readonly pricing: Pricing;
  readonly tier: CacheTier;
  /** Absent: unknown, and no rule about its size applies. */
  readonly prefixTokens?: number;
  /** How probably the caller returns, in thousandths. */
  readonly returnPerMille: number;
  /** Billionths of a dollar, as far as is known. Without a price only what was spent counts against a budget. */
  readonly spent: number;
  readonly budget?: number;
  readonly budgetPerWarm?: number;
  /** The least saving to be expected that one warm must promise. */
  readonly threshold: number;
}

/**
 * What to do now. `due`: send, at the latest in `latestMs`. `skip`: look again in `againMs`, or when something changes;
 * `stop`: there is nothing to come back for.
 */
export type WarmDecision =
  | { readonly kind: 'due'; readonly latestMs: number }
  | { readonly kind: 'skip'; readonly reason: WarmReason; readonly againMs: number }
  | { readonly kind: 'stop'; readonly reason: WarmReason };
