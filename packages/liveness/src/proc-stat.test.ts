import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasEnded, parseStat } from './proc-stat.ts';

const stat = (comm: string, state: string, pgid: number, threads: number, start: bigint): string =>
  `4711 (${comm}) ${state} 1 ${pgid} 4711 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 ${threads} 0 ${start} 0 0 18446744073709551615\n`;

const comm = fc.array(fc.constantFrom('(', ')', ' ', '\n', 'Z', 'S', '1', ') S 1 1 ', '\t', 'ÿ', ') Z'), {
  maxLength: 15,
});

test('the fields are found whatever the command is called', () => {
  const state = fc.constantFrom('R', 'S', 'D', 'Z', 'T', 't', 'X', 'I');
  const number = fc.nat();
  fc.assert(
    fc.property(comm, state, number, number, fc.bigInt(0n, 2n ** 64n - 1n), (name, letter, pgid, threads, start) => {
      const parsed = parseStat(stat(name.join(''), letter, pgid, threads, start));
      expect(parsed).toEqual({ state: letter, pgid, threads, startTime: String(start) });
    }),
    { numRuns: 2_000 },
  );
});

test('any other text is undefined, never a throw and never half a reading', () => {
  fc.assert(fc.property(fc.string(), (text) => parseStat(text.replaceAll(')', '')) === undefined));
  const whole = stat('a b', 'S', 7, 1, 123n);
  const cut = whole.indexOf(' 123 ');
  for (let length = 0; length <= cut; length += 1) expect(parseStat(whole.slice(0, length))).toBeUndefined();
});

test('this process is read as it is', () => {
  const parsed = parseStat(readFileSync('/proc/self/stat', 'latin1'));
  expect(parsed?.startTime).toMatch(/^\d+$/);
  expect(parsed?.threads).toBeGreaterThan(1);
});

test.each([
  ['R', 1, false],
  ['S', 1, false],
  ['D', 1, false],
  ['T', 1, false],
  ['t', 1, false],
  ['I', 1, false],
  ['Z', 1, true],
  ['Z', 0, true],
  ['Z', 2, false],
  ['X', 1, true],
  ['x', 1, true],
])('state %s with %i threads: ended is %s', (state, threads, ended) => {
  expect(hasEnded({ state, threads, pgid: 1, startTime: '1' })).toBe(ended);
});
