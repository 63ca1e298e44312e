import { constants, userInfo } from 'node:os';
import { reasonOf, refusalOf } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { stopRequest } from './stop-words.ts';

const FLAGS = { signal: 'TERM', grace: '10s', reason: '' };
const signalOf = (signal: string): string => stopRequest({ ...FLAGS, signal }, {}).signal;

describe('the signal', () => {
  const ENDING = ['TERM', 'INT', 'HUP', 'QUIT', 'KILL', 'USR1', 'USR2', 'ABRT'] as const;

  it.each(ENDING)('%s is known by its name, with SIG or without, in any case, and by its number', (name) => {
    const number = String(constants.signals[`SIG${name}`]);
    const spellings = [name, `SIG${name}`, name.toLowerCase(), `sig${name.toLowerCase()}`, number];
    expect(spellings.map(signalOf)).toEqual(spellings.map(() => `SIG${name}`));
  });

  it.each(['', '0', '-9', '99', 'STOP', 'CONT', 'CHLD', 'TERM ', 'SIG', 'SIGSIGTERM', '9.0', '٩', 'toString', '-TERM'])(
    '%j is refused',
    (signal) => {
      expect(reasonOf(() => signalOf(signal))).toBe('bad-signal');
    },
  );

  it('is shown by its beginning where it is refused', () => {
    expect(refusalOf(() => signalOf('x'.repeat(9_999))).message.length).toBeLessThan(250);
  });
});

it.each([
  ['0', 0],
  ['10s', 10_000],
  ['1d', 86_400_000],
])('gives a grace of %s', (grace, graceMs) => {
  expect(stopRequest({ ...FLAGS, grace }, {}).graceMs).toBe(graceMs);
});

it.each([
  ['-1s', 'bad-duration'],
  ['soon', 'bad-duration'],
  ['10000', 'bad-duration'],
  ['25h', 'out-of-range'],
])('refuses a grace of %s', (grace, reason) => {
  const refusal = refusalOf(() => stopRequest({ ...FLAGS, grace }, {}));
  expect(refusal.reason).toBe(reason);
  expect(refusal.message).toContain('--grace');
});

it('says who asks, why and when', () => {
  const before = Date.now();
  const request = stopRequest({ ...FLAGS, reason: 'wrong branch' }, { CODEX_CI: '1', CLAUDECODE: '1', AI_AGENT: '' });
  const who = `${userInfo().username} (process ${process.ppid}, in an agent's shell (CLAUDECODE))`;
  expect(request).toMatchObject({ by: who, why: 'wrong branch' });
  expect(Date.parse(request.at)).toBeGreaterThanOrEqual(before);
  expect(stopRequest(FLAGS, {}).by).toBe(`${userInfo().username} (process ${process.ppid})`);
});
