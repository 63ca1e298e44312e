import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMismatch, judgeWarm } from './judge.ts';
import type { Usage } from './usage.ts';

const usageOf = (input: number | null, read: number | null, write: number | null): Usage => ({
  input,
  read,
  write,
  writeHour: null,
  output: 0,
});

test.each([
  ['no usage at all', null, 1000, 'no_usage'],
  ['no word on what was read', usageOf(5, null, 5), 1000, 'no_usage'],
  ['all of the prefix', usageOf(0, 1000, 0), 1000, 'full'],
  ['more than was expected', usageOf(0, 1200, 0), 1000, 'full'],
  ['just 80 %', usageOf(0, 800, 0), 1000, 'full'],
  ['a token less than 80 %', usageOf(0, 799, 0), 1000, 'partial'],
  ['just half', usageOf(0, 500, 0), 1000, 'partial'],
  ['less than half', usageOf(0, 499, 0), 1000, 'short'],
  ['only the system part, the rest anew', usageOf(70_000, 20_000, 10_000), 100_000, 'short'],
  ['nothing', usageOf(1000, 0, 0), 1000, 'short'],
  ['as much as it wrote', usageOf(0, 500, 500), 1000, 'partial'],
  ['less than it wrote', usageOf(0, 499, 500), 1000, 'wrote'],
  ['enough, but wrote still more', usageOf(0, 900, 901), 1000, 'wrote'],
  ['nothing and wrote it all', usageOf(3, 0, 1000), 1000, 'wrote'],
  ['most, the write uncounted', usageOf(100, 900, null), 1000, 'full'],
] as const)('a warm that read %s is judged so', (_, usage, expected, verdict) => {
  expect(judgeWarm(usage, expected)).toBe(verdict);
});

test.each([undefined, 0, -5])('where the prefix is unknown (%s) the warm is measured by its own prompt', (expected) => {
  expect(judgeWarm(usageOf(10, 90, 0), expected)).toBe('full');
  expect(judgeWarm(usageOf(40, 60, 0), expected)).toBe('partial');
  expect(judgeWarm(usageOf(90, 10, 0), expected)).toBe('short');
});

test('a read of which nobody knows how much it should have been proves no full hit', () => {
  expect(judgeWarm(usageOf(null, 50_000, null))).toBe('partial');
});

test('a full hit has read at least 80 % of what was expected, and more than it wrote', () => {
  const count = fc.integer({ min: 0, max: 1_000_000 });
  fc.assert(
    fc.property(count, count, count, fc.integer({ min: 1, max: 1_000_000 }), (input, read, write, expected) => {
      const isFull = judgeWarm(usageOf(input, read, write), expected) === 'full';
      expect(isFull).toBe(read > 0 && read * 5 >= expected * 4 && write <= read);
    }),
  );
});

test('what was read in part, or written instead, is not the prefix of the caller; what nobody told proves nothing', () => {
  const verdicts = ['full', 'partial', 'short', 'wrote', 'no_usage', 'error'] as const;
  expect(verdicts.filter(isMismatch)).toEqual(['partial', 'short', 'wrote']);
});
