import { reasonOf, refusalOf } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDuration, describeSpan, formatDuration, parseDuration } from './duration.ts';

const WEEK = 7 * 86_400_000;
const RANGE = { name: '--cap', minMs: 0, maxMs: WEEK };
const read = (text: string): number => parseDuration(text, RANGE);

it.each([
  ['0', 0],
  ['90', 90_000],
  ['0090', 90_000],
  ['9999', 9_999_000],
  ['0ms', 0],
  ['1500ms', 1_500],
  ['90s', 90_000],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
  ['1d2h3m4s5ms', 93_784_005],
  ['90m', 5_400_000],
  ['604800s', WEEK],
  ['7d', WEEK],
  ['604800000ms', WEEK],
])('reads %s as %i ms', (text, ms) => {
  expect(read(text)).toBe(ms);
});

it.each([
  ...['', ' ', '5 s', ' 5s', '5s ', '5s\n', '\t5', '+5', '-5', '-5s', '5.5s', '.5', '1,5s', '1e3', '0x10', '1_000'],
  ...['1h1h', '30m1h', '1ms1s', '5S', '5M', '5sec', '5w', '1y', 's', 'ms', 'h1', '1h30', 'Infinity', 'NaN', 'null'],
  ...['٥', '５s', '१०', '5ｓ', '5µs', '∞', '5s5s', '5s\0', '1'.repeat(16), '1'.repeat(400), `${'9'.repeat(13)}ms`],
  'PT5M',
  '5;rm',
])('refuses %j', (text) => {
  expect(reasonOf(() => read(text))).toBe('bad-duration');
});

it.each(['10000', '240000', '000010000', '9'.repeat(15)])('takes the bare number %s for milliseconds', (text) => {
  const { reason, message } = refusalOf(() => read(text));
  expect(reason).toBe('bad-duration');
  expect(message).toContain(`did you mean ${Number(text)}ms?`);
});

it.each(['8d', '604801s', '604800001ms', '7d1ms', '999999999d', `${'9'.repeat(9)}d${'9'.repeat(12)}ms`])(
  'finds %s out of range, and names the range',
  (text) => {
    const { reason, message } = refusalOf(() => read(text));
    expect(reason).toBe('out-of-range');
    expect(message).toContain('--cap is out of range: expected 0 to 7d');
    expect(message).toContain(text);
  },
);

it('keeps the least, too, and clamps nothing', () => {
  const range = { name: '--heartbeat', minMs: 1_000, maxMs: 86_400_000 };
  expect(parseDuration('1s', range)).toBe(1_000);
  expect(refusalOf(() => parseDuration('999ms', range)).message).toContain('expected 1s to 1d, got "999ms"');
});

describe('a refusal', () => {
  it('names where the text came from, and shows no more than its beginning', () => {
    const { message } = refusalOf(() => parseDuration('x'.repeat(10_000), { ...RANGE, name: 'CSA_WAIT_CAP' }));
    expect(message).toContain('CSA_WAIT_CAP');
    expect(message.length).toBeLessThan(300);
  });
});

it('writes any time within the range so that it is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: WEEK }), (ms) => read(formatDuration(ms)) === ms),
    { numRuns: 2_000 },
  );
  expect([formatDuration(240_000), formatDuration(1), formatDuration(0)]).toEqual(['240s', '1ms', '0s']);
});

it('never reads anything but a whole number of milliseconds within the range', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0123456789smhd ,.-e'), maxLength: 8 });
  fc.assert(
    fc.property(text, (words) => {
      let ms = 0;
      try {
        ms = read(words);
      } catch {
        ms = Number(['bad-duration', 'out-of-range'].indexOf(reasonOf(() => read(words))));
      }
      expect(Number.isInteger(ms) && ms >= 0 && ms <= WEEK).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  [0, '0s'],
  [-5, '0s'],
  [999, '0s'],
  [45_900, '45s'],
  [60_000, '1m 0s'],
  [200_000, '3m 20s'],
  [7_500_000, '2h 5m'],
  [86_400_000, '1d 0h'],
  [273_600_000, '3d 4h'],
])('tells people %i ms as %s', (ms, words) => {
  expect(describeDuration(ms)).toBe(words);
});

it.each([
  [1_800_000, '30m'],
  [5_400_000, '1h 30m'],
  [3_600_000, '1h'],
  [230_000, '3m 50s'],
  [86_400_000, '1d'],
  [0, '0s'],
])('a span of %i ms is %s', (ms, words) => {
  expect(describeSpan(ms)).toBe(words);
});
