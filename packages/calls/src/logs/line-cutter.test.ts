import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineCutter, MAX_LINE } from './line-cutter.ts';

/** What comes out of a text that comes in pieces of these sizes, and what is left. */
function cut(text: string | Buffer, sizes: readonly number[] = [], raw = false): { parts: string[]; rest: string } {
  const bytes = Buffer.from(text);
  const cutter = new LineCutter(raw);
  const parts: string[] = [];
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    parts.push(...cutter.take(bytes.subarray(at, at + size)));
    at += size;
  }
  return { parts, rest: cutter.rest() };
}

/** What is told of a line before its end. */
function begun(text: string, raw = false): string {
  const cutter = new LineCutter(raw);
  cutter.take(Buffer.from(text));
  return cutter.release();
}

describe('text is cut after', () => {
  it.each([
    ['a newline', 'a\nb', 'a\n'],
    ['the last newline', 'a\nb\nc', 'a\nb\n'],
    ['a carriage return and newline', 'a\r\nb', 'a\r\n'],
    ['a lone carriage return', '1%\r2%\r3%', '1%\r2%\r'],
    ['nothing, where the return may go on', 'a\r', ''],
    ['returns before a newline', '\r\r\nb', '\r\r\n'],
    ['nothing, where no line has ended', 'abc', ''],
  ])('%s', (_what, text, whole) => {
    expect(cut(text)).toEqual({ parts: whole === '' ? [] : [whole], rest: text.slice(whole.length) });
  });

  it('newlines only, when raw', () => {
    expect(cut('a\rb\nc', [], true)).toEqual({ parts: ['a\rb\n'], rest: 'c' });
  });
});

describe('a line that is too long', () => {
  const long = 'x'.repeat(MAX_LINE - 3);
  it.each([
    ['anything', `${long}abcdef`, 'def'],
    ['an escape sequence', `${long}\u001b[31mred`, '\u001b[31mred'],
    ['one that ends as it begins', `${long}\u001b]0;title\u0007`, '\u001b]0;title\u0007'],
    ['both halves of a line end', `${long}ab\r\nz`, '\r\nz'],
    ['both halves of a character', `${long}ab👍z`, '👍z'],
    ['no whole sequence', `${long.slice(4)}\u001b[1mbcdef`, 'ef'],
  ])('is cut within %s only where that is whole', (_what, text, after) => {
    const { parts, rest } = cut(text);
    expect(parts.join('') + rest).toBe(text);
    expect(text.slice(parts[0]?.length)).toBe(after);
  });

  it('is cut anyway when all of it is one sequence', () => {
    const text = `\u001b]${'x'.repeat(2 * MAX_LINE)}\n`;
    const { parts } = cut(text);
    expect(parts.join('')).toBe(text);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(MAX_LINE);
  });
});

describe('a line that has only begun', () => {
  it.each([
    ['a question', 'Continue? [y/N] ', 'Continue? [y/N] '],
    ['a question in colour', '\u001b[1mName:\u001b[0m ', '\u001b[1mName:\u001b[0m '],
    ['half a sequence', 'Name: \u001b[3', 'Name: '],
    ['a sequence that needs its end', 'Name: \u001b]0;title', 'Name: '],
    ['nothing but half a sequence', '\u001b[', ''],
    ['a return', 'Name:\r', 'Name:'],
  ])('shows of %s what is whole', (_what, text, shown) => {
    expect(begun(text)).toBe(shown);
  });
});

const ALPHABET = ['a', '\n', '\r', '\u001b', '[', ']', '3', 'm', '\u0007', '\u009b', '<', 'é', '👍', '\0'];

it('cuts wherever it does whatever the pieces are, and loses nothing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 60 }),
      fc.array(fc.nat(5), { maxLength: 30 }),
      fc.boolean(),
      (text, sizes, raw) => {
        const whole = cut(text, [], raw);
        const pieces = cut(text, sizes, raw);
        expect([pieces.parts.join(''), pieces.rest]).toEqual([whole.parts.join(''), whole.rest]);
        const all = Buffer.from(whole.parts.join('') + whole.rest, raw ? 'latin1' : 'utf8');
        expect(all.toString()).toBe(text);
      },
    ),
  );
});

it('keeps bytes that are no UTF-8 when raw', () => {
  const bytes = Buffer.from([0xff, 0x0a, 0xc3, 0x28, 0x0a]);
  expect(Buffer.from(cut(bytes, [1, 2], true).parts.join(''), 'latin1')).toEqual(bytes);
});
