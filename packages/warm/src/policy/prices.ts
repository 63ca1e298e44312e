import type { CacheTier, Pricing } from './cache-price.ts';

/** One line of the price table: what was read of a model, where, and on which day the source says that it holds. */
export interface PriceRow {
  /** As the provider names it, without a date; a `*` at its end stands for whatever follows. */
  readonly model: string;
  readonly pricing: Pricing;
  readonly source: string;
  readonly checked: string;
}

/** How long a prefix lives in each tier, counted from the start of the last request that read or wrote it. */
export const LIVES: Readonly<
  Record<CacheTier, { readonly seconds: number; readonly source: string; readonly checked: string }>
> = {
  '5m': {
    seconds: 300,
    source: 'https://platform.claude.com/docs/en/build-with-claude/prompt-caching',
    checked: '2026-10-24',
  },
  '1h': {
    seconds: 3600,
    source: 'https://platform.claude.com/docs/en/build-with-claude/prompt-caching',
    checked: '2026-10-24',
  },
};

const CLAUDE = 'https://platform.claude.com/docs/en/about-claude/pricing';
const OPENAI_GUIDE = 'https://developers.openai.com/api/docs/guides/prompt-caching';

/**
 * Thousandths of a dollar per million tokens, as the provider's own API charges: clouds that resell a model name it
 * otherwise and set their own prices. What no source backs is left out: a model without a row has no price, and a minimum
 * that nobody names is the smallest of all. Minimums of Claude:
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export const PRICES: readonly PriceRow[] = [
  { model: 'claude-fable-5-1', pricing: claude(10_000, 50_000, { read: 25 }), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-mythos-5-1', pricing: claude(10_000, 50_000, { read: 25 }), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-fable-5', pricing: claude(10_000, 50_000), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-mythos-5', pricing: claude(10_000, 50_000), source: CLAUDE, checked: '2026-10-24' },
  {
    model: 'claude-opus-5-5',
    pricing: claude(4000, 20_000, { read: 50 }),
    source: 'https://platform.claude.com/docs/en/models/opus-5-5/overview',
    checked: '2026-10-24',
  },
  { model: 'claude-opus-5', pricing: claude(5000, 25_000), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-opus-4-8', pricing: claude(5000, 25_000, { min: 1024 }), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-opus-4-7', pricing: claude(5000, 25_000, { min: 2048 }), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-opus-4-6', pricing: claude(5000, 25_000, { min: 4096 }), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-opus-4-5', pricing: claude(5000, 25_000, { min: 4096 }), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-opus-4-1', pricing: claude(15_000, 75_000, { min: 1024 }), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-opus-4', pricing: claude(15_000, 75_000, { min: 1024 }), source: CLAUDE, checked: '2026-10-24' },
  {
    // Its reads were 100 until 2026-10-07.
    model: 'claude-sonnet-5-5',
    pricing: claude(2000, 10_000, { read: 50 }),
    source: 'https://github.com/kurofune/claudit/releases/tag/v1.9.2',
    checked: '2026-10-24',
  },
  {
    model: 'claude-sonnet-5',
    pricing: claude(2000, 10_000, { min: 1024 }),
    source: 'https://platform.claude.com/docs/en/models/sonnet-5/overview',
    checked: '2026-10-24',
  },
  { model: 'claude-sonnet-4-6', pricing: claude(3000, 15_000, { min: 1024 }), source: CLAUDE, checked: '2026-10-24' },
  {
    model: 'claude-sonnet-4-5',
    pricing: claude(3000, 15_000, { min: 1024, upTo: 200_000 }),
    source: CLAUDE,
    checked: '2026-10-24',
  },
  {
    model: 'claude-sonnet-4',
    pricing: claude(3000, 15_000, { min: 1024, upTo: 200_000 }),
    source: CLAUDE,
    checked: '2026-10-24',
  },
  {
    model: 'claude-haiku-5-5',
    pricing: claude(100, 500, { upTo: 100_000 }),
    source: 'https://github.com/kurofune/claudit/releases/tag/v1.9.2',
    checked: '2026-10-24',
  },
  { model: 'claude-haiku-4-5', pricing: claude(1000, 5000, { min: 4096 }), source: CLAUDE, checked: '2026-10-24' },
  { model: 'claude-3-5-haiku', pricing: claude(800, 4000, { min: 2048 }), source: CLAUDE, checked: '2026-10-24' },
  {
    model: 'gpt-6.1-terra',
    pricing: openai(1000, 5000, { read: 50 }),
    source: 'https://github.com/TheKrush/PromptFuel/releases/tag/v1.0.24',
    checked: '2026-10-27',
  },
  {
    model: 'gpt-6-sol',
    pricing: openai(2000, 10_000, {}),
    source: 'https://github.com/merefield/codexometer/releases/tag/v0.18.4',
    checked: '2026-09-22',
  },
  {
    model: 'gpt-6-luna',
    pricing: openai(100, 500, {}),
    source: 'https://github.com/merefield/codexometer/releases/tag/v0.18.4',
    checked: '2026-09-22',
  },
  {
    model: 'gpt-5.4',
    pricing: openai(2500, 15_000, { write: 1000 }),
    source: 'https://docs.rs/crate/adk-model/0.6.0/source/src/openai/pricing.rs',
    checked: '2026-03-01',
  },
  {
    model: 'gpt-5.4-mini',
    pricing: openai(750, 4500, { write: 1000 }),
    source: 'https://docs.rs/crate/adk-model/0.6.0/source/src/openai/pricing.rs',
    checked: '2026-03-01',
  },
  {
    // Reads cost a quarter to a half; the half claims less.
    model: 'gpt-4*',
    pricing: free({ read: 500, min: 1024 }),
    source:
      'https://raw.githubusercontent.com/api-evangelist/posts/main/_posts/2026-11-06-openai-api-pricing-what-every-model-costs-per-million-tokens.md',
    checked: '2026-11-05',
  },
  // Whether an unlisted one has a write fee is not known; none claims less.
  { model: 'gpt-*', pricing: free({ read: 100, min: 1024 }), source: OPENAI_GUIDE, checked: '2026-10-24' },
  {
    // An explicit cache is extended by changing its TTL, and an implicit one is promised for no time at all.
    model: 'gemini-*',
    pricing: { ...free({ read: 100, min: 1024 }), neverWarm: true },
    source: 'https://ai.google.dev/gemini-api/docs/caching',
    checked: '2026-05-07',
  },
  {
    // Kept on disk by itself; its prices change with the hour.
    model: 'deepseek-*',
    pricing: { ...free({ read: 20, min: 0 }), neverWarm: true },
    source: 'https://github.com/benderandrew069/deepseek-api-pricing-2026/wiki',
    checked: '2026-10-27',
  },
];

function claude(
  inputPrice: number,
  outputPrice: number,
  special: { read?: number; min?: number; upTo?: number } = {},
): Pricing {
  return {
    readPerMille: special.read ?? 100,
    writePerMille: 1250,
    writeHourPerMille: 2000,
    minPrefixTokens: special.min ?? 512,
    inputPrice,
    outputPrice,
    ...(special.upTo === undefined ? {} : { pricedUpTo: special.upTo }),
  };
}

/** Prompts of more than 272,000 tokens cost more; writes are free before GPT-5.6. */
function openai(inputPrice: number, outputPrice: number, special: { read?: number; write?: number }): Pricing {
  const write = special.write ?? 1250;
  return {
    readPerMille: special.read ?? 100,
    writePerMille: write,
    writeHourPerMille: write,
    minPrefixTokens: 1024,
    inputPrice,
    outputPrice,
    pricedUpTo: 272_000,
  };
}

/** Writing costs what reading without a cache does. */
function free({ read, min }: { read: number; min: number }): Pricing {
  return { readPerMille: read, writePerMille: 1000, writeHourPerMille: 1000, minPrefixTokens: min };
}
