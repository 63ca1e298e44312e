/** Tokens, and what they cost where the model's price is known. */
export interface Priced {
  readonly tokens: number;
  /** Of `tokens`, those of models without a known price: nothing is said of their money. */
  readonly unpricedTokens: number;
  /** Of the others, in billionths of a dollar; `null`: there are none. */
  readonly cost: number | null;
}

export const NOTHING: Priced = { tokens: 0, unpricedTokens: 0, cost: null };

/** @param cost `null`: the price is unknown */
export function priced(tokens: number, cost: number | null): Priced {
  if (tokens === 0) return NOTHING;
  return { tokens, unpricedTokens: cost === null ? tokens : 0, cost };
}

export function plus(a: Priced, b: Priced): Priced {
  return {
    tokens: a.tokens + b.tokens,
    unpricedTokens: a.unpricedTokens + b.unpricedTokens,
    cost: a.cost === null ? b.cost : a.cost + (b.cost ?? 0),
  };
}

/** What was avoided less what was spent, in billionths of a dollar; `null` where no price is known of either. */
export function netOf(avoided: Priced, spent: Priced): number | null {
  return avoided.cost === null && spent.cost === null ? null : (avoided.cost ?? 0) - (spent.cost ?? 0);
}
