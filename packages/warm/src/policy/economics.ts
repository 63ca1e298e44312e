import type { CacheTier, Pricing } from './cache-price.ts';
import { promptTokens, type Usage } from './usage.ts';

const THOUSAND = 1000;

/**
 * How many warms in a row a return still pays for: floor((w - r) / r). Where reading is free there is no end to it, and
 * where writing costs no more than reading not one is.
 */
export function breakEven(pricing: Pricing, tier: CacheTier): number {
  const read = pricing.readPerMille;
  const saved = writePerMille(pricing, tier) - read;
  if (saved <= 0 || pricing.neverWarm === true) return 0;
  return read === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(saved / read);
}

/** How probable a return has to be, in thousandths and rounded up, for one warm to pay; `null`: none ever does. */
export function breakEvenReturn(pricing: Pricing, tier: CacheTier): number | null {
  if (breakEven(pricing, tier) === 0) return null;
  return Math.ceil((pricing.readPerMille * THOUSAND) / (writePerMille(pricing, tier) - pricing.readPerMille));
}

/**
 * What a warm is expected to save beyond its own price, q(w - r) - r, in millionths of the input price of its tokens:
 * below 0 it costs more than it saves.
 */
export function expectedSaving(pricing: Pricing, tier: CacheTier, returnPerMille: number): number {
  const saved = writePerMille(pricing, tier) - pricing.readPerMille;
  return returnPerMille * saved - THOUSAND * pricing.readPerMille;
}

/** Of reading a prefix of that many tokens from the cache, in billionths of a dollar; `null`: the price is unknown. */
export function readCost(tokens: number, pricing: Pricing): number | null {
  return price(tokens, inputPriceOf(tokens, pricing), pricing.readPerMille);
}

/** Of writing a prefix of that many tokens to the cache, in billionths of a dollar; `null`: the price is unknown. */
export function writeCost(tokens: number, pricing: Pricing, tier: CacheTier): number | null {
  return price(tokens, inputPriceOf(tokens, pricing), writePerMille(pricing, tier));
}

/** Of one token of a prompt of that many, in billionths of a dollar; longer ones may have another price, unknown. */
export function inputPriceOf(promptTokens: number, pricing: Pricing): number | undefined {
  return promptTokens > (pricing.pricedUpTo ?? Number.POSITIVE_INFINITY) ? undefined : pricing.inputPrice;
}

/**
 * What one request cost, in billionths of a dollar; `null` where a price or one of its counts is unknown. Writes that
 * nobody counted are part of `input` (see Usage), which is their price where writing costs nothing extra. A write whose
 * tier is unknown is taken to be of the dearer one: a cost is never said to be less than it may have been.
 */
export function costOf(usage: Usage, pricing: Pricing): number | null {
  const { input, read, output } = usage;
  const prompt = promptTokens(usage);
  if (prompt === null || input === null || read === null || output === null) return null;
  const perMillion = inputPriceOf(prompt, pricing);
  const outputPrice = perMillion === undefined ? undefined : pricing.outputPrice;
  const parts = [
    price(input, perMillion, THOUSAND),
    price(read, perMillion, pricing.readPerMille),
    costOfWrite(usage, perMillion, pricing),
    price(output, outputPrice, THOUSAND),
  ];
  return parts.reduce(sum, 0);
}

function costOfWrite({ write, writeHour }: Usage, perMillion: number | undefined, pricing: Pricing): number | null {
  const { writePerMille: short, writeHourPerMille: long } = pricing;
  if (write === null) return short === THOUSAND ? 0 : null;
  if (writeHour === null) return price(write, perMillion, Math.max(short, long));
  return sum(price(write - writeHour, perMillion, short), price(writeHour, perMillion, long));
}

function writePerMille(pricing: Pricing, tier: CacheTier): number {
  return tier === '1h' ? pricing.writeHourPerMille : pricing.writePerMille;
}

/** Tokens by thousandths of a dollar per million are billionths of a dollar; what is left over is rounded up. */
function price(tokens: number, perMillion: number | undefined, perMille: number): number | null {
  if (tokens === 0) return 0;
  if (perMillion === undefined) return null;
  const whole = tokens * perMillion;
  const rest = whole % THOUSAND;
  return ((whole - rest) / THOUSAND) * perMille + Math.ceil((rest * perMille) / THOUSAND);
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}
