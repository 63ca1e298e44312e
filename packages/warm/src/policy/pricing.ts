import { PRICES } from './prices.ts';

/**
 * What a model charges for its prompt cache. Multipliers are integers in thousandths of the input price, money is
 * integers in billionths of a dollar: (2 - 0.1) / 0.1 is 18.99 in doubles and 19 in truth.
 */
export interface Pricing {
  readonly readPerMille: number;
  readonly writePerMille: number;
  /** Of a prefix that is to live for an hour. */
  readonly writeHourPerMille: number;
  /** A shorter prefix is not cached, and nothing says so. */
  readonly minPrefixTokens: number;
  /** Thousandths of a dollar per million tokens; absent: unknown, and nothing is said of money. */
  readonly inputPrice?: number;
  readonly outputPrice?: number;
}

/** How long a cached prefix lives, in the tiers that providers sell. */
export type CacheTier = '5m' | '1h';

/** Of a model that nobody knows: the usual multipliers, the smallest of all minimums, and no price. */
const UNKNOWN: Pricing = { readPerMille: 100, writePerMille: 1250, writeHourPerMille: 2000, minPrefixTokens: 512 };

/** What a model charges, by the price table; `overrides` go before it. Without a price nothing is said of money. */
export function pricingFor(model?: string, overrides: Partial<Pricing> = {}): Pricing {
  const row = PRICES.find((each) => each.model === model);
  return { ...(row?.pricing ?? UNKNOWN), ...overrides };
}
