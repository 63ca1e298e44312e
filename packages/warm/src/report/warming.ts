import type { TurnTier } from '@csa/transcript';
import { breakEven, inputPriceOf, readCost, writeCost } from '../policy/economics.ts';
import { chooseInterval, chooseTtl } from '../policy/life.ts';
import type { Pricing } from '../policy/pricing.ts';
import { type Gap, type GapStory, isLost } from './gaps.ts';
import { NOTHING, type Priced, plus, priced } from './priced.ts';

/**
 * What gaps have cost, and what it would have cost and saved to warm through each of them until break-even, with nobody
 * knowing beforehand whether the conversation goes on.
 */
export interface Warming {
  /** Gaps longer than one interval: nothing is sent in a shorter one. */
  readonly idleGaps: number;
  /** Of them, those after which less than half of the prefix was read again. */
  readonly coldReturns: number;
  /** What was written again after these, beyond what reading would have cost. */
  readonly coldCost: Priced;
  /** Prefixes lost although the gap was no longer than one interval: no warming helps against it. */
  readonly earlyLosses: number;
  /** Warms that would have been sent. */
  readonly warms: number;
  readonly spent: Priced;
  /** The part of `spent` after the last turn of a conversation, which pays for nothing. */
  readonly spentInVain: Priced;
  /** What a return that found its cache cold would not have cost. */
  readonly avoided: Priced;
}

export const NO_WARMING: Warming = {
  idleGaps: 0,
  coldReturns: 0,
  coldCost: NOTHING,
  earlyLosses: 0,
  warms: 0,
  spent: NOTHING,
  spentInVain: NOTHING,
  avoided: NOTHING,
};

/** The price of a model's cache, and what it means for how often and how long to warm. */
interface Rules {
  readonly pricing: Pricing;
  readonly tier: TurnTier;
  readonly intervalMs: number;
  readonly mostWarms: number;
}

/** What warming is judged by. */
export interface WarmingTerms {
  /** Milliseconds since the epoch: after a last turn nothing would have been sent later. */
  readonly now: number;
  readonly pricingOf: (model: string) => Pricing;
}

export function warmThrough({ gaps, last, lastPrefix }: GapStory, { now, pricingOf }: WarmingTerms): Warming {
  const through = gaps.map((gap) => warmGap(gap, rulesFor(pricingOf(gap.model), gap.tier))).reduce(sumOf, NO_WARMING);
  if (last === undefined) return through;
  const { warms, spent } = send(now - last.startedAt, lastPrefix, rulesFor(pricingOf(last.model), last.tier));
  return sumOf(through, { ...NO_WARMING, warms, spent, spentInVain: spent });
}

export function sumOf(a: Warming, b: Warming): Warming {
  return {
    idleGaps: a.idleGaps + b.idleGaps,
    coldReturns: a.coldReturns + b.coldReturns,
    coldCost: plus(a.coldCost, b.coldCost),
    earlyLosses: a.earlyLosses + b.earlyLosses,
    warms: a.warms + b.warms,
    spent: plus(a.spent, b.spent),
    spentInVain: plus(a.spentInVain, b.spentInVain),
    avoided: plus(a.avoided, b.avoided),
  };
}

function warmGap(gap: Gap, rules: Rules): Warming {
  const lost = isLost(gap) === true;
  if (gap.ms <= rules.intervalMs) return { ...NO_WARMING, earlyLosses: lost ? 1 : 0 };
  const { warms, spent, isCovered } = send(gap.ms, gap.prefix, rules);
  const again = lost ? rewritten(gap, rules) : NOTHING;
  return {
    ...NO_WARMING,
    idleGaps: 1,
    coldReturns: lost ? 1 : 0,
    coldCost: again,
    warms,
    spent,
    avoided: isCovered ? again : NOTHING,
  };
}

/** The warms of a gap: one an interval, and no more than one return pays for. */
function send(ms: number, prefix: number, { pricing, intervalMs, mostWarms }: Rules) {
  // A return at the very moment of a warm comes first.
  const due = Math.max(0, Math.ceil(ms / intervalMs) - 1);
  const warms = Math.min(due, mostWarms);
  // A price may hold for prompts up to some size alone: it is asked for one of them.
  const cost = readCost(prefix, pricing);
  const spent = priced(warms * prefix, cost === null ? null : warms * cost);
  return { warms, spent, isCovered: warms === due };
}

/** What was paid for writing again what was lost, less what reading it would have cost. */
function rewritten({ prefix, kept = 0 }: Gap, { pricing, tier }: Rules): Priced {
  const tokens = prefix - kept;
  if (inputPriceOf(prefix, pricing) === undefined) return priced(tokens, null);
  const [write, read] = [writeCost(tokens, pricing, tier), readCost(tokens, pricing)];
  return priced(tokens, write === null || read === null ? null : write - read);
}

/** Where no tier is known the shorter one is taken, which every provider has. */
function rulesFor(pricing: Pricing, tier: TurnTier = '5m'): Rules {
  const intervalMs = chooseInterval(undefined, chooseTtl({ tier }).ms);
  return { pricing, tier, intervalMs, mostWarms: pricing.neverWarm === true ? 0 : breakEven(pricing, tier) };
}
