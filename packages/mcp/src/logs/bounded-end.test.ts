import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoundedEnd } from './bounded-end.ts';

function endOf(pieces: readonly string[], maxBytes: number) {
  const end = new BoundedEnd(maxBytes);
  for (const piece of pieces) end.add(Buffer.from(piece));
  return end.end();
}

it.each<[string, string[], number, string, number]>([
  ['all that fits', ['a\n', 'b'], 10, 'a\nb', 0],
  ['nothing of nothing', [], 10, '', 0],
  ['whole lines of what does not', ['one\ntwo\n', 'three\n'], 10, 'three\n', 8],
  ['the end of a line that does not fit', ['x'.repeat(20)], 10, 'x'.repeat(10), 10],
  ['the same of a line that ends', [`${'x'.repeat(20)}\n`], 10, `${'x'.repeat(9)}\n`, 11],
  ['no half characters', ['ä'.repeat(10)], 5, 'ää', 16],
])('keeps %s', (_, pieces, maxBytes, text, leftOut) => {
  expect(endOf(pieces, maxBytes)).toEqual({ text, leftOut });
});

it('keeps an end of what came, within its bound, however it came', () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'ß', '\n', '🙂'), maxLength: 50 }), { maxLength: 20 });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 8, max: 60 }), (all, maxBytes) => {
      const whole = all.join('');
      const { text, leftOut } = endOf(all, maxBytes);
      expect(whole.endsWith(text)).toBe(true);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
      expect(leftOut + Buffer.byteLength(text)).toBe(Buffer.byteLength(whole));
      expect(leftOut === 0).toBe(Buffer.byteLength(whole) <= maxBytes);
    }),
  );
});
