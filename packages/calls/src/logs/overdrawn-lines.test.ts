import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineCutter } from './line-cutter.ts';
import { OverdrawnLines } from './overdrawn-lines.ts';

/** What is printed of a text that comes in pieces of these sizes, and what stands on the last line by then. */
function drawn(text: string, pieces: readonly number[] = []): { printed: string; state: string; rest: string } {
  const cutter = new LineCutter(false);
  const lines = new OverdrawnLines();
  const bytes = Buffer.from(text);
  let printed = '';
  let at = 0;
  for (const size of [...pieces, bytes.length]) {
    for (const part of cutter.take(bytes.subarray(at, at + size))) printed += lines.take(part);
    at += size;
  }
  const { state } = lines;
  return { printed, state, rest: lines.rest(cutter.rest()) };
}

it.each([
  ['a bar that begins with a return', '\r10%\r20%\r30%', { printed: '', state: '20%', rest: '30%' }],
  ['a bar that ends with one', '10%\r20%\r30%\r', { printed: '', state: '20%', rest: '30%' }],
  ['a bar that is done', '\r10%\r100%\nnext\n', { printed: '100%\nnext\n', state: '', rest: '' }],
  ['lines as Windows ends them', 'a\r\nb\r\n', { printed: 'a\nb\n', state: '', rest: '' }],
  ['lines with a return too many', 'a\r\r\nb\n', { printed: 'a\nb\n', state: '', rest: '' }],
  ['a bar that was wiped away', '50%\r   \rdone\n', { printed: 'done\n', state: '', rest: '' }],
  ['empty lines', '\n\n\r\n', { printed: '\n\n\n', state: '', rest: '' }],
  ['no return at all', 'a\nb', { printed: 'a\n', state: '', rest: 'b' }],
])('of %s the last state is kept', (_what, text, kept) => {
  expect(drawn(text)).toEqual(kept);
});

it('the same is kept whatever the pieces are, and text without returns as it is', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\r', '\n', '\r\n', ' '), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(4), { maxLength: 20 }), (given, pieces) => {
      const whole = drawn(given);
      const inPieces = drawn(given, pieces);
      expect(inPieces.printed + inPieces.rest).toBe(whole.printed + whole.rest);
      expect(whole.printed + whole.rest).not.toContain('\r');
      if (!given.includes('\r')) expect(whole.printed + whole.rest).toBe(given);
    }),
    { numRuns: 1_000 },
  );
});
