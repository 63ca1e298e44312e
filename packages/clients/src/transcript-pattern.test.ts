import fc from 'fast-check';
import { expect, it } from 'vitest';
import { comparable, patternOf } from './transcript-pattern.ts';

const ID = '01M7X1J90XW51HHK171FBDSTF1';
const OTHER_ID = '01M7XC6KM1MYTWSMZ59A22VVQA';

it.each([
  ['itself', '> a\nb', '> a\nb', true],
  ['another id', `wait ${ID}`, `wait ${OTHER_ID}`, true],
  ['another time', 'elapsed=110s, 1m 50s ago', 'elapsed=9s, 50s ago', true],
  ['another process', 'session ID 12, "session_id":12', 'session ID 7, "session_id":7', true],
  ['another time in seconds', 'Wall time: 10.0010 seconds', 'Wall time: 9 seconds', true],
  ['more lines where some were left out', 'a\n…\nb', 'a\nx\ny\nb', true],
  ['no line where some were left out', 'a\n…\nb', 'a\nb', true],
  ['more text where some was left out', 'a…b', 'a x b', true],
  ['a line too many', 'a\nb', 'a\nx\nb', false],
  ['a line too many in what was left out within one', 'a…b', 'a\nb', false],
  ['a line too few', 'a\nx\nb', 'a\nb', false],
  ['another word', 'exit=3', 'exit=4', false],
  ['a character of patterns as any other', 'a.b', 'axb', false],
])('a transcript of a page compared with %s', (_, page, seen, isSame) => {
  expect(patternOf(page).test(comparable(seen))).toBe(isSame);
});

it('every transcript is as it is itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!text.includes('…'));
      expect(comparable(text)).toMatch(patternOf(text));
    }),
  );
});
