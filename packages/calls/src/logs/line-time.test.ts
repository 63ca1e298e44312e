import { describe, expect, it } from 'vitest';
import { lineTime } from './line-time.ts';

describe('a line begins with a time', () => {
  it.each([
    ['2026-08-20T09:15:03Z started', '2026-08-20T09:15:03.000Z'],
    ['2026-08-20T09:15:03.771002118Z', '2026-08-20T09:15:03.771Z'],
    ['2026-08-20T09:15:03+02:00 x', '2026-08-20T07:15:03.000Z'],
    ['2026-08-20T09:15:03-0530 x', '2026-08-20T14:45:03.000Z'],
    ['2026-08-20 09:15:03,5 +0000 INFO', '2026-08-20T09:15:03.500Z'],
    ['[2026-08-20 09:15:03 UTC] x', '2026-08-20T09:15:03.000Z'],
    ['(2026/08/20 09:15:03Z)', '2026-08-20T09:15:03.000Z'],
  ])('%s', (line, time) => {
    expect(new Date(lineTime(line) ?? 0).toISOString()).toBe(time);
  });

  it('without a zone it is local', () => {
    const local = new Date(2026, 7, 20, 9, 15, 3, 123).getTime();
    expect(lineTime('2026-08-20 09:15:03.123 x')).toBe(local);
    expect(lineTime('2026/08/20 09:15:03.123: x')).toBe(local);
    expect(lineTime('2026-08-20 09:15:03.123 -5 degrees')).toBe(local);
  });
});

it.each([
  '',
  'at 2026-08-20T09:15:03Z',
  ' 2026-08-20T09:15:03Z',
  '2026-08-20',
  '2026-08-20T09:15',
  '2026-13-20T09:15:03Z',
  '2026-08-20T25:15:03Z',
  '12026-08-20T09:15:03Z',
])('%j does not', (line) => {
  expect(lineTime(line)).toBeUndefined();
});
