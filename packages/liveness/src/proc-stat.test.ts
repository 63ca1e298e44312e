import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasEnded, parseStat } from './proc-stat.ts';

const stat = (comm: string, state: string, pgid: number, threads: number, start: bigint, cpu = '0 0 0 0'): string =>
  `4711 (${comm}) ${state} 12 ${pgid} 4711 0 -1 4194560 1 0 0 0 ${cpu} 20 0 ${threads} 0 ${start} 0 0 18446744073709551615\n`;

const comm = fc.array(fc.constantFrom('(', ')', ' ', '\n', 'Z', 'S', '1', ') S 1 1 ', '\t', 'ÿ', ') Z'), {
  maxLength: 15,
});

test('the fields are found whatever the command is called', () => {
  const state = fc.constantFrom('R', 'S', 'D', 'Z', 'T', 't', 'X', 'I');
  const number = fc.nat();
  fc.assert(
    fc.property(comm, state, number, number, fc.bigInt(0n, 2n ** 64n - 1n), (parts, letter, pgid, threads, start) => {
      const name = parts.join('');
      const bytes = Buffer.from(name, 'utf8').toString('latin1');
      const parsed = parseStat(stat(bytes, letter, pgid, threads, start));
      const startTime = String(start);
      expect(parsed).toEqual({ name, state: letter, parent: 12, pgid, threads, startTime, cpuTicks: 0 });
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['1 20 300 4000', 4_321],
  ['0 0 0 0', 0],
  ['? - x 7', 7],
])('the CPU time of the process and of its children is one sum: %s', (cpu, ticks) => {
  expect(parseStat(stat('x', 'S', 7, 1, 123n, cpu))?.cpuTicks).toBe(ticks);
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
  expect(parsed?.parent).toBe(process.ppid);
  expect(parsed?.cpuTicks).toBeGreaterThan(0);
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
  expect(hasEnded({ state, threads })).toBe(ended);
});
