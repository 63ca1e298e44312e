import { until } from '@csa/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { nextProgressMs, progressBy } from './progress.ts';

type Told = { progress: number; total?: number; message: string };

function begin(message: () => string, capMs?: number): Told[] {
  const told: Told[] = [];
  const telling = progressBy((progress) => told.push(progress)).begin(message, capMs);
  onTestFinished(() => telling.end());
  return told;
}

it('is told at once, and then with a value that only grows', async () => {
  const told = begin(() => 'going on', 3_000);
  expect(told).toEqual([{ progress: 0, total: 3, message: 'going on' }]);
  await until(() => told.length >= 3, 'three notifications');
  const values = told.map(({ progress }) => progress);
  expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
});

it('has no total where there is no cap', () => {
  expect(begin(() => 'going on')).toEqual([{ progress: 0, message: 'going on' }]);
});

it('goes on where the words cannot be found', () => {
  const fail = (): string => {
    throw new Error('EIO');
  };
  expect(begin(fail)).toMatchObject([{ message: 'waiting' }]);
});

it('is told in time for a client that waits one second at first, and five in the long run', () => {
  expect(nextProgressMs(0)).toBeLessThan(1_000);
  for (let elapsedMs = 0; elapsedMs < 6_900_000; elapsedMs += 10_000) {
    expect(nextProgressMs(elapsedMs)).toBeLessThan(5_000);
  }
});
