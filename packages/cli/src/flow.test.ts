import fc from 'fast-check';
import { expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { flow, flowRows } from './flow.ts';
import { formatTable } from './table.ts';

it.each<[string, number, string[]]>([
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 100, ['one two three']],
  ['incomprehensible x', 5, ['incomprehensible', 'x']],
  ['', 5, ['']],
])('%j in %i columns', (text, columns, lines) => {
  expect(flow(text, columns)).toEqual(lines);
});

it('loses no word, and keeps to the columns where the words do', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-zß漢]{1,9}$/)), fc.integer({ min: 18, max: 60 }), (words, columns) => {
      const text = words.join(' ');
      const lines = flow(text, columns);
      expect(lines.join(' ')).toBe(text);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }),
  );
});

it('a row goes on below its own text, and whoever is no terminal gets one line', () => {
  const rows = [
    ['state', 'off: a reason that takes some words more than there is room for'],
    ['interval', '4m'],
  ] as const;
  expect(formatTable(flowRows(rows, 40))).toEqual([
    'state     off: a reason that takes some',
    '          words more than there is room',
    '          for',
    'interval  4m',
  ]);
  expect(formatTable(flowRows(rows, undefined))).toHaveLength(2);
  expect(flowRows([], 40)).toEqual([]);
});
