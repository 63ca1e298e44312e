import { expect, it } from 'vitest';
import { modelPriceForm, priceOverrides } from './model-price.ts';

it.each<[unknown]>([
  [0],
  [2.5],
  [{ input: 3 }],
  [{ input: 3, output: 15, read: 0.05, write: 1.25, write_hour: 2, min_prefix_tokens: 1024 }],
])('%j is a price', (value) => {
  expect(modelPriceForm.read(value)).toEqual(value);
});

it.each<[unknown]>([
  [-1],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [100_001],
  ['3'],
  [null],
  [[3]],
  [new Date()],
  [{}],
  [{ input: '3' }],
  [{ input: 3, inptu: 4 }],
  [{ read: 101 }],
  [{ toString: 1 }],
])('%j is none', (value) => {
  expect(modelPriceForm.read(value)).toBeUndefined();
});

it('a number is the price of input', () => {
  expect(priceOverrides(2.5)).toEqual({ inputPrice: 2_500 });
});

it('a table goes before the price table in whole thousandths', () => {
  const table = { input: 3, output: 15, read: 0.025, write: 1.25, write_hour: 2, min_prefix_tokens: 1024 };
  expect(priceOverrides(table)).toEqual({
    inputPrice: 3_000,
    outputPrice: 15_000,
    readPerMille: 25,
    writePerMille: 1_250,
    writeHourPerMille: 2_000,
    minPrefixTokens: 1_024,
  });
});
