import type { Pricing } from './pricing.ts';

/** One line of the price table: what a provider's own page said of a model on a day. */
export interface PriceRow {
  /** As the provider names it, without a date. */
  readonly model: string;
  readonly pricing: Pricing;
  readonly source: string;
  readonly checked: string;
}

export const PRICES: readonly PriceRow[] = [];
