import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Patience } from './patience.ts';

const OUR_TROUBLE = Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
const FORBIDDEN = Object.assign(new Error('EACCES'), { code: 'EACCES' });
const fails = (error: Error) => () => Promise.reject(error);

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function patience() {
  const warnings: string[] = [];
  return { looks: new Patience((line) => warnings.push(line)), warnings };
}

it('gives what a look shows', async () => {
  const { looks } = patience();
  expect([await looks.look(async () => 'shown'), looks.isWaiting]).toEqual(['shown', false]);
});

it('bears trouble of our own until it passes', async () => {
  const { looks, warnings } = patience();
  expect([await looks.look(fails(OUR_TROUBLE)), looks.isWaiting]).toEqual([undefined, true]);
  vi.advanceTimersByTime(2_000);
  expect(await looks.look(fails(OUR_TROUBLE))).toBeUndefined();
  expect([await looks.look(async () => 'shown'), looks.isWaiting, warnings]).toEqual(['shown', false, []]);
});

it('does not bear it for long before anything was seen', async () => {
  const { looks } = patience();
  await looks.look(fails(OUR_TROUBLE));
  vi.advanceTimersByTime(3_000);
  await expect(looks.look(fails(OUR_TROUBLE))).rejects.toBe(OUR_TROUBLE);
});

it('bears it for ever after that, and says so once each time that it lasts', async () => {
  const { looks, warnings } = patience();
  for (let round = 1; round <= 2; round += 1) {
    await looks.look(async () => 'shown');
    for (let second = 0; second < 60; second += 1) {
      expect(await looks.look(fails(OUR_TROUBLE))).toBeUndefined();
      vi.advanceTimersByTime(1_000);
    }
    expect(warnings).toHaveLength(round);
  }
  expect(warnings[0]).toContain('EMFILE');
});

it('throws what is no trouble of our own', async () => {
  const { looks } = patience();
  await looks.look(async () => 'shown');
  await expect(looks.look(fails(FORBIDDEN))).rejects.toBe(FORBIDDEN);
  await expect(looks.look(fails(new TypeError('bug')))).rejects.toThrow('bug');
});
