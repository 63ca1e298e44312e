import type { PriceOverrides } from '@csa/warm';
import type { ValueForm } from './value-form.ts';

/** What a model charges, as a person writes it: dollars per million tokens, multiples of the input price, tokens. */
export type ModelPrice = number | ModelPriceTable;

type PriceField = 'input' | 'output' | 'read' | 'write' | 'write_hour' | 'min_prefix_tokens';
type ModelPriceTable = { readonly [K in PriceField]?: number };

const MAX_DOLLARS = 100_000;
const MAX_FACTOR = 100;
const MAX_TOKENS = 100_000_000;

interface Field {
  readonly max: number;
  /** What it goes before in the price table, and how many of its units make one. */
  readonly overrides: keyof PriceOverrides;
  readonly unit: number;
}

const FIELDS: Readonly<Record<PriceField, Field>> = {
  input: { max: MAX_DOLLARS, overrides: 'inputPrice', unit: 1_000 },
  output: { max: MAX_DOLLARS, overrides: 'outputPrice', unit: 1_000 },
  read: { max: MAX_FACTOR, overrides: 'readPerMille', unit: 1_000 },
  write: { max: MAX_FACTOR, overrides: 'writePerMille', unit: 1_000 },
  write_hour: { max: MAX_FACTOR, overrides: 'writeHourPerMille', unit: 1_000 },
  min_prefix_tokens: { max: MAX_TOKENS, overrides: 'minPrefixTokens', unit: 1 },
};

const NAMES = Object.keys(FIELDS) as readonly PriceField[];

/** Dollars per million input tokens, or a table of all that a price is made of. */
export const modelPriceForm: ValueForm<ModelPrice> = {
  expected: `a number from 0 to ${MAX_DOLLARS}, or a table of ${NAMES.join(', ')}`,
  read: (value) => {
    if (typeof value === 'number') return isWithin(value, MAX_DOLLARS) ? value : undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return undefined;
    const entries = Object.entries(value);
    const isPrice =
      entries.length > 0 && entries.every(([name, number]) => isField(name) && isWithin(number, FIELDS[name].max));
    return isPrice ? (Object.fromEntries(entries) as ModelPriceTable) : undefined;
  },
  schema: {
    oneOf: [
      { type: 'number', minimum: 0, maximum: MAX_DOLLARS },
      {
        type: 'object',
        minProperties: 1,
        additionalProperties: false,
        properties: Object.fromEntries(
          NAMES.map((name) => [name, { type: 'number', minimum: 0, maximum: FIELDS[name].max }]),
        ),
      },
    ],
  },
};

/** What goes before the price table, in its units. */
export function priceOverrides(price: ModelPrice): PriceOverrides {
  const table: ModelPriceTable = typeof price === 'number' ? { input: price } : price;
  const said = NAMES.flatMap((name) => {
    const { overrides, unit } = FIELDS[name];
    const value = table[name];
    return value === undefined ? [] : [[overrides, Math.round(value * unit)] as const];
  });
  return Object.fromEntries(said);
}

function isField(name: string): name is PriceField {
  return Object.hasOwn(FIELDS, name);
}

function isWithin(value: unknown, max: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= max;
}
