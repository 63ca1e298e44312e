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
  /** Prompts of more tokens have another price, which is unknown; absent: all have the same. */
  readonly pricedUpTo?: number;
  /** Reading does not extend its life, or it lives long enough by itself: no warm pays. */
  readonly neverWarm?: true;
}

/** What a user may know better than the price table. */
export type PriceOverrides = Partial<
  Pick<
    Pricing,
    'inputPrice' | 'outputPrice' | 'readPerMille' | 'writePerMille' | 'writeHourPerMille' | 'minPrefixTokens'
  >
>;

/** How long a cached prefix lives, in the tiers that providers sell. */
export type CacheTier = '5m' | '1h';
