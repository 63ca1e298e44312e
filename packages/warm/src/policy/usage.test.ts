import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hitPercent, promptTokens, retentionPercent, type Usage } from './usage.ts';

const usageOf = (input: number | null, read: number | null, write: number | null): Usage => ({
  input,
  read,
  write,
  writeHour: null,
  output: 0,
});

test('a request that read 4 % and wrote the rest is a hit of 4 %, not of 100', () => {
  expect(hitPercent(usageOf(3, 4000, 96_000))).toBe(3);
  expect(hitPercent(usageOf(0, 4000, 96_000))).toBe(4);
  expect(retentionPercent(usageOf(0, 4000, 96_000))).toBe(4);
});

test.each([
  ['all read', usageOf(0, 100, 0), 100, 100],
  ['all but one read', usageOf(1, 999, 0), 99, 100],
  ['all new, none of it written', usageOf(100, 0, 0), 0, null],
  ['no prompt at all', usageOf(0, 0, 0), null, null],
  ['the input unknown', usageOf(null, 90, 10), null, 90],
  ['the read unknown', usageOf(5, null, 10), null, null],
  // What was written is in the input then.
  ['only the write unknown', usageOf(20, 80, null), 80, null],
])('with %s the percentages are known or null, never a guess', (_, usage, hit, retention) => {
  expect(hitPercent(usage)).toBe(hit);
  expect(retentionPercent(usage)).toBe(retention);
});

test('a percentage is a whole number from 0 to 100, and 100 only where nothing is missing', () => {
  const count = fc.integer({ min: 0, max: 1_000_000_000 });
  fc.assert(
    fc.property(count, count, count, (input, read, write) => {
      const usage = usageOf(input, read, write);
      const hit = hitPercent(usage);
      expect(hit === null).toBe(promptTokens(usage) === 0);
      if (hit === null) return;
      expect(Number.isInteger(hit) && hit >= 0 && hit <= 100).toBe(true);
      expect(hit === 100).toBe(input === 0 && write === 0);
      expect(retentionPercent(usage) ?? 100).toBeGreaterThanOrEqual(hit);
    }),
  );
});
