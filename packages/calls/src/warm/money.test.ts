import { Refusal } from '@csa/session';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeDollars, fromDollars, parseDollars } from './money.ts';

it.each([
  ['0', 0],
  ['5', 5_000_000_000],
  ['$0.05', 50_000_000],
  ['0.000000001', 1],
  ['100000', 100_000_000_000_000],
])('%s is %i billionths', (text, billionths) => {
  expect(parseDollars(text, '--budget')).toBe(billionths);
});

it.each(['', '-1', '1e3', '.5', '5.', '1,5', '0.0000000001', '100001', '٥', 'x', ' 1', '1 '])(
  '%j is refused',
  (text) => {
    expect(() => parseDollars(text, '--budget')).toThrow(Refusal);
  },
);

it('reads every amount back that it could have been written from', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 999_999 }), (whole, part) => {
      fc.pre(whole <= 100_000);
      const text = `${whole}.${String(part).padStart(6, '0')}`;
      expect(parseDollars(text, '--budget')).toBe(whole * 1_000_000_000 + part * 1_000);
      expect(fromDollars(Number(text))).toBe(parseDollars(text, '--budget'));
    }),
  );
});

it.each([
  [0, '$0.00'],
  [1_234_567_890, '$1.2346'],
  [375_000_000, '$0.375'],
  [285_000_000, '$0.285'],
  [90_000_000, '$0.09'],
  [100_000_000, '$0.10'],
  [9_999_990_000, '$10.00'],
  [12_345_678_900, '$12.35'],
  [-420_000_000, '-$0.42'],
  [31_200_000, '$0.0312'],
  [1, '$0.00'],
])('%i billionths are shown as %s', (billionths, words) => {
  expect(describeDollars(billionths)).toBe(words);
});
