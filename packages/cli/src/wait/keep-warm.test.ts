import type { WaitSettings } from '@csa/calls/settings';
import { expect, it } from 'vitest';
import { settledWith, settleWait } from './keep-warm.ts';

const SETTINGS: WaitSettings = {
  cap: { capMs: 300_000, source: 'flag' },
  aliveExitCode: 0,
  trustResult: false,
  caller: { isAgent: false, yieldsEarly: false, needsOutput: false, isCi: false },
  repeatFlags: ['--cap', '5m', '--trust-result', '--keep-warm'],
  backgroundFlags: ['--trust-result'],
  warnings: [],
};
const hold = (paysNoMore: boolean) => ({ paysNoMore, end: () => {} });

it.each([
  ['nothing is kept warm', undefined],
  ['it still pays', hold(false)],
])('the next wait is the same where %s', (_, held) => {
  expect(settledWith(SETTINGS, held)).toBe(SETTINGS);
});

it('once it pays no more the next wait has neither a cap nor the warming', () => {
  expect(settledWith(SETTINGS, hold(true))).toMatchObject({
    cap: { capMs: 300_000, source: 'flag', paysNoMore: true },
    repeatFlags: ['--trust-result'],
  });
});

it('nobody is asked to warm without the flag', async () => {
  const flags = { 'until-done': true, 'trust-result': false };
  const { settings, hold } = await settleWait(flags, [], {});
  expect([settings.cap, hold]).toEqual([{ capMs: undefined, source: 'until-done' }, undefined]);
});
