import { MAX_BYTES } from '@csa/brief';
import { expect, it } from 'vitest';
import { together } from './tell-brief.ts';

const printed = (lines: readonly string[]): number => Buffer.byteLength(lines.map((line) => `${line}\n`).join(''));

it.each([
  ['as much as there is room for', MAX_BYTES - 103, 2],
  ['a byte more', MAX_BYTES - 102, 1],
  ['much more', MAX_BYTES - 1, 1],
])('two briefs that are %s are printed within what a client takes', (_, bytes, count) => {
  const texts = [`${'x'.repeat(100)}\n`, `${'y'.repeat(bytes)}\n`];
  const lines = together(texts);
  expect(printed(lines)).toBeLessThanOrEqual(MAX_BYTES);
  expect(lines.join('').match(/x+|y+/g)).toHaveLength(count);
});

it.each([[[]], [['']], [['', '']]])('of %j nothing is printed', (texts) => {
  expect(together(texts)).toEqual([]);
});

it('one that says nothing leaves no gap', () => {
  expect(together(['', 'x\n'])).toEqual(['x']);
});
