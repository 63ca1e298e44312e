import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Line, LineCutter } from './line-cutter.ts';

function cut(chunks: readonly Buffer[], maxBytes = 100): Line[] {
  const cutter = new LineCutter(maxBytes);
  return [...chunks.flatMap((chunk) => cutter.take(chunk)), ...cutter.rest()];
}

function texts(lines: readonly Line[]): string[] {
  return lines.map((line) => (line.kind === 'line' ? line.bytes.toString() : line.kind));
}

it.each<[string, string[], string[]]>([
  ['whole lines', ['a\nb\n'], ['a', 'b']],
  ['a line in pieces', ['a', 'b', 'c\nd'], ['abc', 'd']],
  ['no empty lines', ['\n\na\n\n'], ['a']],
  ['a line of the length allowed', [`${'x'.repeat(100)}\n`], ['x'.repeat(100)]],
  ['one that is too long, told once, and the next one', ['x'.repeat(101), 'xx', 'x\nb\n'], ['too-long', 'b']],
  ['two that are too long', [`${'x'.repeat(101)}\n${'y'.repeat(300)}\nb\n`], ['too-long', 'too-long', 'b']],
  ['one that is too long and never ends', ['x'.repeat(101), 'x'.repeat(500)], ['too-long']],
])('cuts %s', (_, chunks, lines) => {
  expect(texts(cut(chunks.map((chunk) => Buffer.from(chunk))))).toEqual(lines);
});

it('cuts the same lines wherever the pieces end', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)));
  fc.assert(
    fc.property(pieces, (chunks) => {
      const whole = Buffer.concat(chunks);
      const expected = whole
        .toString('latin1')
        .split('\n')
        .filter((line) => line !== '');
      const lines = cut(chunks, 1_000_000).map((line) => (line.kind === 'line' ? line.bytes.toString('latin1') : ''));
      expect(lines).toEqual(expected);
    }),
  );
});
