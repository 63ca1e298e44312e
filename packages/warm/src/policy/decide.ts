import { breakEven, expectedSaving, inputPriceOf, readCost, writeCost } from './economics.ts';
import type { WarmClock, WarmDecision, WarmFacts, WarmHistory } from './facts.ts';
import { SAFETY_MS } from './life.ts';
import type { WarmReason } from './reason.ts';

const SECOND = 1000;
/** So long before the last moment a warm is due at the latest: timers are late, never early. */
const SLACK_MS = 5 * SECOND;
/** What nobody may tell of is looked at again that often. */
const LOOK_AGAIN_MS = 5 * SECOND;
const CLAIM_AGAIN_MS = SECOND;
/** After so many warms that did not read the caller's prefix nothing is sent until the caller itself has used it. */
const MOST_MISMATCHES = 2;

interface Rule {
  readonly reason: WarmReason;
  readonly holds: (facts: WarmFacts) => boolean;
  /** In how many milliseconds to look again; absent: there is nothing to come back for. */
  readonly again?: (facts: WarmFacts) => number;
}

/** The whole policy in order: the first rule that holds decides. Those with `again` skip, the others stop. */
const RULES: readonly Rule[] = [
  { reason: 'kill_switch', holds: (facts) => facts.killSwitch },
  { reason: 'not_enabled', holds: (facts) => !facts.enabled },
  { reason: 'duration_elapsed', holds: (facts) => !(facts.leftMs > 0) },
  { reason: 'session_ended', holds: (facts) => facts.session === 'over' },
  {
    reason: 'probe_failed',
    holds: (facts) => facts.session === 'unknown' && !facts.durationGiven,
    again: () => LOOK_AGAIN_MS,
  },
  { reason: 'driver_unavailable', holds: (facts) => facts.driver === 'unavailable' },
  { reason: 'not_replayable', holds: (facts) => facts.driver === 'not_replayable' },
  { reason: 'cache_mismatch', holds: ({ history }) => history.wrote },
  {
    reason: 'cache_mismatch',
    holds: ({ history }) => isCoolingDown(history),
    again: ({ clock }) => clock.intervalMs,
  },
  {
    reason: 'break_even_reached',
    holds: ({ history, money }) => history.warms >= breakEven(money.pricing, money.tier),
  },
  { reason: 'max_warms', holds: ({ history }) => history.warms >= (history.maxWarms ?? Infinity) },
  { reason: 'budget_exhausted', holds: isBudgetExhausted },
  { reason: 'below_min_prefix', holds: isBelowMinPrefix },
  { reason: 'below_threshold', holds: isBelowThreshold },
  { reason: 'session_active', holds: (facts) => facts.caller === 'active', again: () => LOOK_AGAIN_MS },
  { reason: 'refresh_in_progress', holds: (facts) => facts.inFlight, again: () => CLAIM_AGAIN_MS },
  { reason: 'backoff', holds: ({ clock }) => clock.backoffMs > 0, again: ({ clock }) => clock.backoffMs },
  {
    reason: 'deadline_missed',
    holds: ({ clock, revive }) => isCold(clock) && clock.planned && !revive,
    again: ({ clock }) => clock.intervalMs,
  },
  {
    reason: 'predicted_cold',
    holds: ({ clock, revive }) => isCold(clock) && !revive,
    again: ({ clock }) => clock.intervalMs,
  },
  {
    reason: 'not_due',
    holds: ({ clock }) => !isCold(clock) && clock.ageMs < dueMs(clock),
    again: ({ clock }) => dueMs(clock) - clock.ageMs,
  },
  {
    reason: 'min_interval_not_elapsed',
    holds: ({ clock }) => sinceAttempt(clock) < dueMs(clock),
    again: ({ clock }) => dueMs(clock) - sinceAttempt(clock),
  },
];

/** Whether a warm is due now, and if not, why and when to look again. Pure: no clock, no file. */
export function decideWarm(facts: WarmFacts): WarmDecision {
  const rule = RULES.find(({ holds }) => holds(facts));
  if (rule === undefined) return { kind: 'due', latestMs: latestMs(facts) };
  const { reason, again } = rule;
  if (again === undefined) return { kind: 'stop', reason };
  return { kind: 'skip', reason, againMs: Math.max(1, Math.ceil(Math.min(again(facts), facts.leftMs))) };
}

/** Nothing is sent until the caller itself has used its prefix. */
export function isCoolingDown({ mismatches }: Pick<WarmHistory, 'mismatches'>): boolean {
  return mismatches >= MOST_MISMATCHES;
}

/** A prefix that is revived has no last moment. */
function latestMs({ clock, leftMs }: WarmFacts): number {
  return Math.ceil(Math.min(isCold(clock) ? clock.intervalMs : lastMoment(clock) - clock.ageMs, leftMs));
}

/** Also where the age is no number at all: what nobody knows is not taken to be warm. */
function isCold(clock: WarmClock): boolean {
  return !(clock.ageMs < lastMoment(clock));
}

/** The age at which the last warm may begin. */
function lastMoment({ ttlMs }: WarmClock): number {
  return ttlMs - SAFETY_MS;
}

/** The age at which a warm is due: the interval, and always a little before the last moment. */
function dueMs(clock: WarmClock): number {
  const last = lastMoment(clock);
  return Math.min(clock.intervalMs, last - Math.min(SLACK_MS, last / 2));
}

function sinceAttempt({ sinceAttemptMs }: WarmClock): number {
  return sinceAttemptMs ?? Infinity;
}

/** What this warm is going to cost counts too: where nobody can tell how much, it is not nothing. */
function isBudgetExhausted(facts: WarmFacts): boolean {
  const { spent, budget, budgetPerWarm, pricing, tier, prefixTokens } = facts.money;
  const price = isRevival(facts) ? writeCost : readCost;
  const cost = prefixTokens === undefined ? null : price(prefixTokens, pricing, tier);
  return spent + (cost ?? 1) > (budget ?? Infinity) || (cost ?? 0) > (budgetPerWarm ?? Infinity);
}

/** What is sent would write the prefix anew, as was asked for. */
export function isRevival({ clock, revive }: Pick<WarmFacts, 'clock' | 'revive'>): boolean {
  return revive && isCold(clock);
}

function isBelowMinPrefix({ money }: WarmFacts): boolean {
  return money.prefixTokens !== undefined && money.prefixTokens < money.pricing.minPrefixTokens;
}

/** Whoever asked for a revival has been told its price, and is not asked whether it pays. */
function isBelowThreshold(facts: WarmFacts): boolean {
  const { pricing, tier, prefixTokens = 0, returnPerMille, threshold } = facts.money;
  if (isRevival(facts)) return false;
  const saving = expectedSaving(pricing, tier, returnPerMille);
  if (saving < 0) return true;
  const price = inputPriceOf(prefixTokens, pricing);
  return prefixTokens > 0 && price !== undefined && Math.floor((prefixTokens * price * saving) / 1_000_000) < threshold;
}
