import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToWidth, displayWidth, endToWidth } from './display-width.ts';

const FAMILY = '👨‍👩‍👧‍👦';

it.each([
  ['nothing', '', 0],
  ['ASCII', 'npm test', 8],
  ['accents in one character', 'naïve', 5],
  ['accents of their own', 'nai\u0308ve', 5],
  ['many accents', `a${'\u0301'.repeat(40)}`, 1],
  ['Chinese', '測試', 4],
  ['Japanese', 'テスト、。', 10],
  ['half-width kana', 'ﾃｽﾄ', 3],
  ['full-width ASCII', 'ＡＢ', 4],
  ['Korean syllables', '시험', 4],
  ['a Korean syllable in parts', '\u1112\u1161\u11ab', 2],
  ['a picture', '✅ ok', 5],
  ['a picture in colour by its selector', '❤️', 2],
  ['a plain heart', '❤', 1],
  ['a family', FAMILY, 2],
  ['a flag', '🇩🇪', 2],
  ['a skin tone', '👍🏽', 2],
  ['a keycap', '1️⃣', 2],
  ['rare Chinese', '𠮷', 2],
  ['box drawing and arrows', '── →', 4],
  ['zero-width characters', 'a\u200b\u200d\ufeffb', 2],
  ['controls', 'a\tb\u0007', 2],
  ['a lone surrogate', 'a\ud800', 2],
])('%s', (_what, text, width) => {
  expect(displayWidth(text)).toBe(width);
});

describe('the end of a line', () => {
  it.each([
    ['short enough', 'abc', 3, 'abc'],
    ['ASCII', 'abcdef', 4, '…def'],
    ['nothing between wide halves', '測試測試', 4, '…試'],
    ['a family whole or not at all', `ab${FAMILY}cd`, 4, '…cd'],
    ['no space after the ellipsis', 'abcd ef', 4, '…ef'],
    ['one column', 'abc', 1, '…'],
    ['no column', 'abc', 0, ''],
  ])('%s', (_what, text, columns, end) => {
    expect(endToWidth(text, columns)).toBe(end);
  });

  it('is never wider than asked for, and ends as the line does', () => {
    const unit = fc.oneof(fc.constantFrom('a', '測', '✅', FAMILY, '\u0301', ' ', '🇩🇪'), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.string({ unit }), fc.integer({ min: 0, max: 30 }), (text, columns) => {
        const end = endToWidth(text, columns);
        expect(displayWidth(end)).toBeLessThanOrEqual(columns);
        if (columns > 0) expect(text.endsWith(end.replace(/^…/, ''))).toBe(true);
      }),
    );
  });
});

describe('a cut line', () => {
  it.each([
    ['short enough', 'abc', 3, 'abc'],
    ['ASCII', 'abcdef', 4, 'abc…'],
    ['nothing between wide halves', '測試測試', 4, '測…'],
    ['wide and just enough', '測試', 4, '測試'],
    ['a family whole or not at all', `ab${FAMILY}cd`, 4, 'ab…'],
    ['no space before the ellipsis', 'ab cdef', 4, 'ab…'],
    ['accents stay with their letter', 'e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
    ['one column', 'abc', 1, '…'],
    ['no column', 'abc', 0, ''],
    ['less than none', 'abc', -5, ''],
  ])('%s', (_what, text, columns, cut) => {
    expect(cutToWidth(text, columns)).toBe(cut);
  });

  it('is never wider than asked for, begins as the line does, and is left alone where it fits', () => {
    const unit = fc.oneof(fc.constantFrom('a', '測', '✅', FAMILY, '\u0301', ' ', '🇩🇪'), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.string({ unit }), fc.integer({ min: 0, max: 30 }), (text, columns) => {
        const cut = cutToWidth(text, columns);
        expect(displayWidth(cut)).toBeLessThanOrEqual(columns);
        if (displayWidth(text) <= columns) expect(cut).toBe(text);
        else if (columns > 0) expect(text.startsWith(cut.slice(0, -1))).toBe(true);
      }),
    );
  });
});
