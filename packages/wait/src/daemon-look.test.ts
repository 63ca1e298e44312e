import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { identify } from '@csa/liveness';
import { LIFELINE_FILE, readDaemon, recordDaemon, type Session } from '@csa/session';
import { expect, test } from 'vitest';
import { lookAtDaemon, lookWithoutRecord } from './daemon-look.ts';
import { daemonProcess, foreignSession, idOfAge, livingSession } from './sessions.test.fixture.ts';
import type { DaemonLook } from './source.ts';

const ALIVE: DaemonLook = { state: 'alive' };
const BY_IDENTITY: DaemonLook = { state: 'dead', conclusive: false };
const BY_LIFELINE: DaemonLook = { state: 'dead', conclusive: true };
const unknown = (reason: string): object => ({ state: 'unknown', reason });

const lookAt = (session: Session): Promise<DaemonLook> => lookAtDaemon(session, readDaemon(session));

test('a lifeline that is held means alive, one let go is dead and final, although the process lives', async () => {
  const { session, die } = await livingSession();
  expect(await lookAt(session)).toEqual(ALIVE);
  die();
  expect(await lookAt(session)).toEqual(BY_LIFELINE);
});

test.each(['dev', 'ino', 'bootId'])(
  'a lifeline of another %s than recorded is ignored, the process decides',
  async (part) => {
    const { session, lifeline, die } = await livingSession();
    const own = await identify(process.pid);
    if (own?.bootId === undefined) throw new Error('no boot id');
    const { dev, ino } = lifeline;
    const identity =
      part === 'bootId' ? { pid: own.pid, ...(own.startTime && { startTime: own.startTime }), bootId: 'x' } : own;
    recordDaemon(session.directory, identity, { dev, ino, ...(part === 'bootId' ? {} : { [part]: '1' }) });
    die();
    expect(await lookAt(session)).toEqual(part === 'bootId' ? BY_IDENTITY : ALIVE);
  },
);

test('where the lifeline was removed the process decides', async () => {
  const { session, die } = await livingSession();
  die();
  rmSync(join(session.directory, LIFELINE_FILE));
  expect(await lookAt(session)).toEqual(ALIVE);
});

test('without a lifeline the process decides: alive, and gone but not yet for certain', async () => {
  const daemon = await daemonProcess();
  const session = foreignSession({ 'daemon.pid': daemon.pidFile });
  expect(await lookAt(session)).toEqual(ALIVE);
  await daemon.end();
  expect(await lookAt(session)).toEqual(BY_IDENTITY);
});

test('a process of the same pid and another start is not the daemon', async () => {
  const [pid] = (await daemonProcess()).pidFile.split(' ');
  expect(await lookAt(foreignSession({ 'daemon.pid': `${pid} 1\n` }))).toEqual(BY_IDENTITY);
});

test('a bare pid whose command line does not name the session is not its daemon', async () => {
  const [pid] = (await daemonProcess()).pidFile.split(' ');
  expect(await lookAt(foreignSession({ 'daemon.pid': `${pid}\n` }))).toEqual(BY_IDENTITY);
});

test.each([
  ['of another machine', 'other-machine', 'another-machine 4026531836'],
  ['of another pid namespace', 'other-pid-namespace', 'MACHINE 1'],
])('a daemon %s is unknown, whatever pids say here', async (_, reason, fields) => {
  const own = await identify(process.pid);
  const text = `${own?.pid} ${own?.startTime} ${own?.bootId} ${fields} - -\n`.replace('MACHINE', own?.machineId ?? '-');
  expect(await lookAt(foreignSession({ 'daemon.pid': text }))).toEqual(unknown(reason));
});

test.each(['', 'no pid\n', '12 ab\n'])(
  'a daemon.pid that holds %j is unreadable, so the daemon is unknown',
  async (text) => {
    expect(await lookAt(foreignSession({ 'daemon.pid': text }))).toEqual(unknown('daemon-unreadable'));
  },
);

test('trouble in reading daemon.pid is ours, so the daemon is unknown', async () => {
  expect(await lookAtDaemon(foreignSession({}), { kind: 'error', code: 'EMFILE' })).toEqual(unknown('io-error'));
});

test('a session without daemon.pid is starting while it is young, later nobody watches over it', async () => {
  expect(await lookAt(foreignSession({}, { id: idOfAge(0) }))).toEqual(unknown('starting'));
  expect(await lookAt(foreignSession({}, { id: idOfAge(11_000) }))).toEqual(BY_IDENTITY);
});

test.each([
  [0, unknown('starting')],
  [9_999, unknown('starting')],
  [10_000, BY_IDENTITY],
  [1e12, BY_IDENTITY],
])('without daemon.pid after %d ms', (ageMs, expected) => {
  expect(lookWithoutRecord(ageMs)).toEqual(expected);
});
