import { expect, it } from 'vitest';
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
