import type { CacheTier, Pricing } from './pricing.ts';
import type { Usage } from './usage.ts';

const THOUSAND = 1000;

/**
 * How many warms in a row a return still pays for: floor((w - r) / r). Where reading is free there is no end to it, and
 * where writing costs no more than reading not one is.
 */
export function breakEven(pricing: Pricing, tier: CacheTier): number {
  const read = pricing.readPerMille;
  const saved = writePerMille(pricing, tier) - read;
  if (saved <= 0) return 0;
  return read === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(saved / read);
}

/** How probable a return has to be, in thousandths and rounded up, for one warm to pay; `null`: none ever does. */
export function breakEvenReturn(pricing: Pricing, tier: CacheTier): number | null {
  const saved = writePerMille(pricing, tier) - pricing.readPerMille;
  if (saved <= 0 || pricing.readPerMille > saved) return null;
  return Math.ceil((pricing.readPerMille * THOUSAND) / saved);
}

/** What a warm is expected to save beyond its own price, per thousand thousand of the input price of its tokens. */
export function expectedSaving(pricing: Pricing, tier: CacheTier, returnPerMille: number): number {
  const saved = writePerMille(pricing, tier) - pricing.readPerMille;
  return returnPerMille * saved - THOUSAND * pricing.readPerMille;
}

/** Of reading that many tokens from the cache, in billionths of a dollar; `null`: the price is unknown. */
export function readCost(tokens: number, pricing: Pricing): number | null {
  return price(tokens, pricing.inputPrice, pricing.readPerMille);
}

/** Of writing that many tokens to the cache, in billionths of a dollar; `null`: the price is unknown. */
export function writeCost(tokens: number, pricing: Pricing, tier: CacheTier): number | null {
  return price(tokens, pricing.inputPrice, writePerMille(pricing, tier));
}

/**
 * What one request cost, in billionths of a dollar; `null` where a price or one of its counts is unknown. Writes that
 * nobody counted are part of `input` (see Usage), which is their price where writing costs nothing extra.
 */
export function costOf(usage: Usage, pricing: Pricing): number | null {
  const { input, read, output } = usage;
  if (input === null || read === null || output === null) return null;
  return sum([
    price(input, pricing.inputPrice, THOUSAND),
    readCost(read, pricing),
    costOfWrite(usage, pricing),
    price(output, pricing.outputPrice, THOUSAND),
  ]);
}

export function writePerMille(pricing: Pricing, tier: CacheTier): number {
  return tier === '1h' ? pricing.writeHourPerMille : pricing.writePerMille;
}

function costOfWrite({ write, writeHour }: Usage, pricing: Pricing): number | null {
  if (write === 0) return 0;
  if (write === null) return pricing.writePerMille === THOUSAND ? 0 : null;
  if (pricing.writePerMille === pricing.writeHourPerMille) return writeCost(write, pricing, '5m');
  if (writeHour === null) return null;
  return sum([writeCost(write - writeHour, pricing, '5m'), writeCost(writeHour, pricing, '1h')]);
}

/** Tokens by thousandths of a dollar per million are billionths of a dollar; what is left over is rounded up. */
function price(tokens: number, perMillion: number | undefined, perMille: number): number | null {
  if (tokens === 0) return 0;
  if (perMillion === undefined) return null;
  const whole = tokens * perMillion;
  const rest = whole % THOUSAND;
  return ((whole - rest) / THOUSAND) * perMille + Math.ceil((rest * perMille) / THOUSAND);
}

function sum(parts: readonly (number | null)[]): number | null {
  return parts.reduce((total, part) => (total === null || part === null ? null : total + part), 0);
}
