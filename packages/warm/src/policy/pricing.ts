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
  /** Prompts of more tokens have another price, which is unknown; absent: all have the same. */
  readonly pricedUpTo?: number;
  /** Reading does not extend its life, or it lives long enough by itself: no warm pays. */
  readonly neverWarm?: true;
}

/** How long a cached prefix lives, in the tiers that providers sell. */
export type CacheTier = '5m' | '1h';

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
