import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { formatTable } from './table.ts';

it('aligns all columns but the last, and leaves no blanks at the ends', () => {
  const rows = [
    ['ID', 'STATE', 'DESCRIPTION'],
    ['1', 'finished', 'a long one that is not padded'],
    ['22', 'dead', ''],
  ];
  expect(formatTable(rows)).toEqual([
    'ID  STATE     DESCRIPTION',
    '1   finished  a long one that is not padded',
    '22  dead',
  ]);
});

it('knows rows of different lengths, and none', () => {
  expect(formatTable([['a', 'b', 'c'], ['long'], []])).toEqual(['a     b  c', 'long', '']);
  expect(formatTable([])).toEqual([]);
});

it('aligns by the columns that text takes on a screen', () => {
  expect(
    formatTable([
      ['測試', 'a'],
      ['naïve', 'b'],
      ['nai\u0308ve', 'c'],
    ]),
  ).toEqual(['測試   a', 'naïve  b', 'nai\u0308ve  c']);
});

it('cuts what does not fit, wherever that is', () => {
  const rows = [['one', 'two', 'three']];
  expect([30, 15, 14, 9, 8, 5, 4, 2].map((columns) => formatTable(rows, { columns })[0])).toEqual([
    'one  two  three',
    'one  two  three',
    'one  two  thr…',
    'one  two',
    'one  two',
    'one',
    'one',
    'o…',
  ]);
});

it('is never wider than asked for, painted or not', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ' ', '測', '✅', 'e\u0301'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { maxLength: 5 })), fc.integer({ min: 1, max: 40 }), (rows, columns) => {
      const plain = formatTable(rows, { columns });
      for (const line of plain) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      const painted = formatTable(rows, { columns, paint: (text) => `<${text}>` });
      expect(painted.map((line) => line.replaceAll(/[<>]/g, '').trimEnd())).toEqual(plain);
    }),
  );
});

it('paints cells that hold something, each by its place', () => {
  const paint = (text: string, row: number, column: number): string => `${text}${row}${column}`;
  expect(formatTable([['a', '', 'c'], ['d']], { paint })).toEqual(['a00    c02', 'd10']);
});
