import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from '@csa/liveness';
import { expect, test } from 'vitest';
import { formatDaemon, parseDaemon, readCommand, readDaemon, recordCommand, recordDaemon } from './daemon.ts';
import { emptySession, sessionWith } from './sessions.test.fixture.ts';

const BOOT = 'f3f1b4c2-0d1e-4a5b-8c6d-7e8f9a0b1c2d';

test('what the supervisor writes is read back, lifeline and all', async () => {
  const session = emptySession();
  const identity = await identify(process.pid);
  if (identity === undefined) throw new Error('this process is not there');
  recordDaemon(session.directory, identity, { dev: '64769', ino: '12345' });
  const lifeline =
    identity.bootId === undefined ? {} : { lifeline: { bootId: identity.bootId, dev: '64769', ino: '12345' } };
  expect(readDaemon(session)).toEqual({ kind: 'present', value: { identity, ...lifeline, isOurs: true } });
  expect(statSync(join(session.directory, 'daemon.pid')).mode & 0o777).toBe(0o600);
});

test('a command is recorded in the same form', () => {
  const session = emptySession();
  const identity = { pid: 4711, startTime: '815', bootId: BOOT };
  recordCommand(session, identity);
  expect(readFileSync(join(session.directory, 'command.pid'), 'utf8')).toBe(`4711 815 ${BOOT} - - - -\n`);
  expect(readCommand(session)).toEqual({ kind: 'present', value: identity });
});

test.each([
  ['a bare pid', '4711', { identity: { pid: 4711 }, isOurs: false }],
  ['a bare pid and a line feed', '4711\n', { identity: { pid: 4711 }, isOurs: false }],
  ['pid and start ticks', '4711 815\n', { identity: { pid: 4711, startTime: '815' }, isOurs: false }],
  [
    'ours without a lifeline',
    `4711 815 ${BOOT} m 4026531836 - -\n`,
    {
      identity: { pid: 4711, startTime: '815', bootId: BOOT, machineId: 'm', pidNamespace: '4026531836' },
      isOurs: true,
    },
  ],
  ['ours where nothing is known', '4711 - - - - - -\n', { identity: { pid: 4711 }, isOurs: true }],
  [
    'a lifeline without a boot id, which cannot be trusted',
    '4711 815 - m 1 2 3\n',
    { identity: { pid: 4711, startTime: '815', machineId: 'm', pidNamespace: '1' }, isOurs: true },
  ],
  [
    'more fields than are known',
    `4711 815 ${BOOT} m 1 2 3 later\n`,
    {
      identity: { pid: 4711, startTime: '815', bootId: BOOT, machineId: 'm', pidNamespace: '1' },
      lifeline: { bootId: BOOT, dev: '2', ino: '3' },
      isOurs: true,
    },
  ],
])('every form that was ever written is read: %s', (_what, text, record) => {
  expect(readDaemon(sessionWith('daemon.pid', text))).toEqual({ kind: 'present', value: record });
});

test.each(['', '\n', '-', 'abc', '-1', '+1', '1.5', '0', '1', '4194305', '9999999999', '٣٣', '\uFEFF4711', '0x10'])(
  '%j names no process',
  (text) => {
    expect(readDaemon(sessionWith('daemon.pid', text))).toEqual({ kind: 'unreadable', why: 'no process id' });
  },
);

test.each(['4711 abc', '4711 -5', '4711 1.5', `4711 ${'9'.repeat(21)}`, '4711 ٣'])('%j has no start time', (text) => {
  expect(() => parseDaemon(text)).toThrow('no start time');
});

test('a pid that some system could use is read', () => {
  expect(parseDaemon('2').identity.pid).toBe(2);
  expect(parseDaemon('4194304').identity.pid).toBe(4194304);
});

test('what is not known is written as a dash', () => {
  expect(formatDaemon({ pid: 7 })).toBe('7 - - - - - -\n');
  expect(formatDaemon({ pid: 7, startTime: '8' }, { dev: '1', ino: '2' })).toBe('7 8 - - - 1 2\n');
});
