import type { Pricing } from './cache-price.ts';
import { PRICES } from './prices.ts';

export type { CacheTier, PriceOverrides, Pricing } from './cache-price.ts';

/** Of a model that nobody knows: the usual multipliers, the smallest of all minimums, and no price. */
const UNKNOWN: Pricing = { readPerMille: 100, writePerMille: 1250, writeHourPerMille: 2000, minPrefixTokens: 512 };
/** What routers put before a name. */
const VENDOR = /^(?:anthropic|openai|google|deepseek|models)\//;
/** What may follow a model's name without making it another model: a date, `latest`, a size of the context. */
const TAIL = /^(?:-latest|[-@]\d{8}|-\d{4}-\d\d-\d\d)?(?:\[\d+m\])?$/;

/**
 * What a model charges, by the price table; the longest name that fits wins, and one that only begins alike (`gpt-5` of
 * `gpt-5-pro`) does not fit. `overrides` go before the table. Without a price nothing is said of money.
 */
export function pricingFor(model?: string, overrides: Partial<Pricing> = {}): Pricing {
  return { ...(model === undefined ? UNKNOWN : listed(model)), ...overrides };
}

function listed(model: string): Pricing {
  const name = model.toLowerCase().replace(VENDOR, '');
  const [row] = PRICES.filter((each) => fits(name, each.model)).sort((a, b) => b.model.length - a.model.length);
  return row?.pricing ?? UNKNOWN;
}

/** A `*` at the end of a row's name stands for whatever follows. */
function fits(name: string, row: string): boolean {
  if (row.endsWith('*')) return name.startsWith(row.slice(0, -1));
  return name.startsWith(row) && TAIL.test(name.slice(row.length));
}
