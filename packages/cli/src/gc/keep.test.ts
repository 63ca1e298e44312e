import { refusalOf } from '@csa/testkit';
import { expect, it } from 'vitest';
import { parseKeep } from './keep.ts';

it.each([
  ['0', 0],
  ['007', 7],
  ['20', 20],
  ['999999999', 999_999_999],
])('%s is %i', (text, keep) => {
  expect(parseKeep(text)).toBe(keep);
});

it.each(['', ' ', '-1', '+1', '1.5', '1e3', '0x10', 'all', '1000000000', '٣', 'x'.repeat(5_000)])(
  '%j is refused in our own words',
  (text) => {
    const { reason, message } = refusalOf(() => parseKeep(text));
    expect([reason, message]).toEqual([
      'bad-keep',
      expect.stringMatching(/expected .* 0 to 999999999, got ".*--keep 20/),
    ]);
    expect(message.length).toBeLessThan(300);
  },
);
