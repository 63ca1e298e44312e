import { expect, it } from 'vitest';
import { aftermathRows } from './aftermath-rows.ts';

const STOP = { by: 'alice', at: '2026-01-02T03:04:05.678Z', why: 'lunch', signal: 'SIGINT', grace_ms: 1_500 };

it.each([
  ['lunch', 'by alice at 2026-01-02T03:04:05.678Z, SIGINT, grace 1500ms: lunch'],
  ['', 'by alice at 2026-01-02T03:04:05.678Z, SIGINT, grace 1500ms'],
])('who asked for a stop is told with when, how and why: %j', (why, text) => {
  expect(aftermathRows({ warnings: [], stop_request: { ...STOP, why } })).toEqual([['stop asked', text]]);
});

it('each warning has a row of its own', () => {
  expect(aftermathRows({ warnings: ['a', 'b'], stop_request: null })).toEqual([
    ['warning', 'a'],
    ['warning', 'b'],
  ]);
});
