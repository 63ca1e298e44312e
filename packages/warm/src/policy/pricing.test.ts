import { expect, test } from 'vitest';
import { breakEven } from './economics.ts';
import { PRICES } from './prices.ts';
import { pricingFor } from './pricing.ts';

test.each([
  ['claude-opus-4-1-20250805', 15_000],
  ['claude-opus-4-20250514', 15_000],
  ['claude-opus-4-5', 5000],
  ['claude-opus-5', 5000],
  ['claude-opus-5-5', 4000],
  ['claude-opus-5-5[1m]', 4000],
  ['claude-sonnet-4-5-20250929', 3000],
  ['claude-sonnet-4-5@20250929', 3000],
  ['claude-3-5-haiku-latest', 800],
  ['anthropic/claude-haiku-4-5', 1000],
  ['Claude-Haiku-4-5', 1000],
  ['gpt-5.4', 2500],
  ['gpt-5.4-mini', 750],
  ['gpt-6-sol-2026-09-22', 2000],
])('the price of %s is that of its own row', (model, inputPrice) => {
  expect(pricingFor(model).inputPrice).toBe(inputPrice);
});

test.each([
  'gpt-5.4-pro',
  'claude-opus-4-10',
  'claude-opus-9',
  'claude-opus-4-1x',
  'opus',
  '',
  'x/claude-opus-5',
  'us.anthropic.claude-opus-4-5-20251101-v1:0',
  '*',
])('a name that is only like a known one, %j, has no price', (model) => {
  expect(pricingFor(model).inputPrice).toBeUndefined();
});

test('a model that nobody knows has the usual multipliers and the smallest minimum', () => {
  expect(pricingFor()).toEqual({
    readPerMille: 100,
    writePerMille: 1250,
    writeHourPerMille: 2000,
    minPrefixTokens: 512,
  });
});

test('what the user says goes before the table', () => {
  expect(pricingFor('claude-opus-5', { inputPrice: 1 })).toMatchObject({ inputPrice: 1, outputPrice: 25_000 });
  expect(pricingFor('mine', { inputPrice: 1, readPerMille: 50 })).toMatchObject({ inputPrice: 1, readPerMille: 50 });
});

test.each([
  ['claude-fable-5', 11, 19],
  ['claude-fable-5-1', 49, 79],
  ['claude-opus-5-5', 24, 39],
  ['claude-sonnet-5-5', 24, 39],
  ['gpt-5.4', 9, 9],
  ['gpt-4o-mini', 1, 1],
  ['gpt-7', 9, 9],
  ['gemini-2.5-pro', 0, 0],
  ['deepseek-chat', 0, 0],
])('of %s %i warms pay on the short tier and %i on the long one', (model, short, long) => {
  expect(breakEven(pricingFor(model), '5m')).toBe(short);
  expect(breakEven(pricingFor(model), '1h')).toBe(long);
});

test.each(PRICES)('the row of $model says where it comes from, and holds whole numbers that can be', (row) => {
  const {
    readPerMille,
    writePerMille,
    writeHourPerMille,
    minPrefixTokens,
    inputPrice = 1,
    outputPrice = 1,
  } = row.pricing;
  const numbers = [readPerMille, writePerMille, writeHourPerMille, minPrefixTokens, inputPrice, outputPrice];
  expect(numbers.filter((n) => !Number.isSafeInteger(n) || n < 0)).toEqual([]);
  expect(readPerMille).toBeLessThan(writePerMille);
  expect(writePerMille).toBeLessThanOrEqual(writeHourPerMille);
  expect(new URL(row.source).protocol).toBe('https:');
  expect(new Date(row.checked).toISOString()).toContain(row.checked);
  expect(PRICES.filter(({ model }) => model === row.model)).toHaveLength(1);
});
