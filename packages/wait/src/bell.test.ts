import { performance } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { Bell } from './bell.ts';

const LONG_MS = 30_000;

/** Milliseconds that a sleep took. */
async function slept(sleep: Promise<void>): Promise<number> {
  const start = performance.now();
  await sleep;
  return performance.now() - start;
}

test('a ring wakes the sleeper', async () => {
  const bell = new Bell();
  const sleep = slept(bell.sleep(LONG_MS));
  bell.ring();
  expect(await sleep).toBeLessThan(LONG_MS);
});

test('a ring before the sleep is not missed, until it is cleared', async () => {
  const bell = new Bell();
  bell.ring();
  expect(await slept(bell.sleep(LONG_MS))).toBeLessThan(LONG_MS);
  bell.clear();
  expect(await slept(bell.sleep(30))).toBeGreaterThanOrEqual(28);
});

test('without a ring the sleep lasts as long as was said', async () => {
  expect(await slept(new Bell().sleep(50))).toBeGreaterThanOrEqual(48);
});

test('a ring after the sleep was over wakes the next one', async () => {
  const bell = new Bell();
  await bell.sleep(1);
  bell.ring();
  expect(await slept(bell.sleep(LONG_MS))).toBeLessThan(LONG_MS);
});

test('a sleeper that was woken leaves no timer behind', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const bell = new Bell();
  const before = timers();
  const sleep = bell.sleep(LONG_MS);
  expect(timers()).toBe(before + 1);
  bell.ring();
  await sleep;
  expect(timers()).toBe(before);
});
