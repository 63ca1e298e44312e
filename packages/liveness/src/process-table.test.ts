import { expect, test } from 'vitest';
import { findEntry, lookUp } from './process-table.ts';

const list = [
  { pid: 7, name: 'a', ppid: 1, cmd: 'a --id X', startTime: new Date('2026-08-20T09:15:03.999Z') },
  { pid: 8, name: 'b', ppid: 1 },
  { pid: 9, name: 'c', ppid: 1, cmd: '', startTime: new Date(Number.NaN) },
];

test.each([
  [7, { startTime: '1787217303', commandLine: 'a --id X' }],
  [8, { commandLine: '' }],
  [9, { commandLine: '' }],
  [10, undefined],
])('the entry of pid %i', (pid, expected) => {
  expect(findEntry(list, pid)).toEqual(expected);
});

test('this process is in the table, with a start time in whole seconds', async () => {
  const entry = await lookUp(process.pid);
  expect(Math.abs(Number(entry?.startTime) - (Date.now() / 1000 - process.uptime()))).toBeLessThan(5);
  expect(entry?.commandLine).toContain('node');
});
