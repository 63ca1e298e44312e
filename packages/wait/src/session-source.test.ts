import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publishResult, readDaemon, readMetadata, recordCompletion, type Session } from '@csa/session';
import { hashTree } from '@csa/testkit';
import { expect, test } from 'vitest';
import { SessionSource } from './session-source.ts';
import { daemonProcess, foreignSession, livingSession, RESULT, RESULT_TEXT, wrapper } from './sessions.test.fixture.ts';
import { type Waited, wait } from './wait.ts';

const SOON_MS = 2_000;

const look = (session: Session): Promise<Waited> => wait(new SessionSource(session), { capMs: 0 });

/** Waits, and does something once the wait has looked for the first time. */
async function waitWhile(session: Session, act: () => unknown): Promise<Waited> {
  let acted = false;
  return wait(new SessionSource(session), {
    capMs: 30_000,
    onLook: () => {
      if (!acted) setTimeout(act, 20);
      acted = true;
    },
  });
}

test('a session of ours: alive, finished at once although its supervisor lingers, finished when it is gone', async () => {
  const { session, die } = await livingSession();
  expect((await look(session)).end).toEqual({ kind: 'alive' });
  publishResult(session, RESULT);
  const finished = { kind: 'finished', source: 'result', outcome: { ...RESULT, success: true } };
  expect((await look(session)).end).toEqual({ ...finished, daemonAlive: true });
  die();
  expect((await look(session)).end).toEqual({ ...finished, daemonAlive: false });
});

test('a supervisor that dies without a word is dead at once, by one look', async () => {
  const { session, die } = await livingSession();
  die();
  let looks = 0;
  const onLook = (): void => {
    looks += 1;
  };
  expect((await wait(new SessionSource(session), { onLook })).end).toEqual({ kind: 'dead' });
  expect(looks).toBe(1);
});

test('a completion explains a failure once the supervisor is dead', async () => {
  const { session, die } = await livingSession();
  recordCompletion(session, { exitCode: 143, status: 'signal', reason: 'stopped' });
  expect((await look(session)).end).toEqual({ kind: 'alive' });
  die();
  expect((await look(session)).end).toMatchObject({ source: 'daemon-completion', outcome: { exitCode: 143 } });
});

test.each([
  ['publishing', (session: Session) => publishResult(session, RESULT), 'finished'],
  ['removing it', (session: Session) => rmSync(session.directory, { recursive: true }), 'lost'],
])('a wait is woken at once by %s', async (_, act, kind) => {
  const { session } = await livingSession();
  const { end, elapsedMs, eventsComplete } = await waitWhile(session, () => act(session));
  expect(end.kind).toBe(kind);
  expect(elapsedMs).toBeLessThan(SOON_MS);
  expect(eventsComplete).toBe(true);
});

test('a wait is woken at once by the death of the supervisor', async () => {
  const { session, die } = await livingSession();
  const { end, elapsedMs } = await waitWhile(session, die);
  expect(end).toEqual({ kind: 'dead' });
  expect(elapsedMs).toBeLessThan(SOON_MS);
});

test('a foreign result counts once its daemon is dead; until then it is provisional, unless it is trusted', async () => {
  const daemon = await daemonProcess();
  const session = foreignSession({ 'daemon.pid': daemon.pidFile, 'result.toml': RESULT_TEXT });
  expect((await look(session)).end).toEqual({ kind: 'alive', provisional: 'success' });
  const trusting = await wait(new SessionSource(session), { capMs: 0, trustResult: true });
  expect(trusting.end).toMatchObject({ kind: 'finished', daemonAlive: true });
  const { end, elapsedMs, eventsComplete } = await waitWhile(session, () => daemon.end());
  expect(end).toMatchObject({ kind: 'finished', source: 'result', daemonAlive: false });
  // Nothing tells of the death of a process without a lifeline: it is looked for each second.
  expect(eventsComplete).toBe(false);
  expect(elapsedMs).toBeLessThan(4_000);
});

test('a session of ours that a foreign daemon has resumed is judged like a foreign one', async () => {
  const { session } = await livingSession();
  publishResult(session, RESULT);
  writeFileSync(join(session.directory, 'daemon.pid'), (await daemonProcess()).pidFile);
  expect((await look(session)).end).toEqual({ kind: 'alive', provisional: 'success' });
});

test('a result without the promise in metadata.toml is a foreign one', async () => {
  const { session, die } = await livingSession();
  publishResult(session, RESULT);
  writeFileSync(join(session.directory, 'metadata.toml'), 'tool = "make"\ntool_locked = true\n');
  expect((await look(session)).end).toEqual({ kind: 'alive', provisional: 'success' });
  die();
  expect((await look(session)).end.kind).toBe('finished');
});

const elsewhere = (session: Session): string => join(dirname(session.directory), 'elsewhere');

test.each<readonly [string, (session: Session) => void]>([
  ['moved away', (session) => renameSync(session.directory, elsewhere(session))],
  [
    'replaced by another one of the same name',
    (session) => {
      renameSync(session.directory, elsewhere(session));
      mkdirSync(session.directory);
      writeFileSync(join(session.directory, 'result.toml'), RESULT_TEXT);
    },
  ],
  [
    'replaced by a symbolic link to the same files',
    (session) => {
      renameSync(session.directory, elsewhere(session));
      symlinkSync(elsewhere(session), session.directory);
    },
  ],
  [
    'replaced by a file',
    (session) => {
      rmSync(session.directory, { recursive: true });
      writeFileSync(session.directory, RESULT_TEXT);
    },
  ],
])('a session directory that was %s is lost', async (_, replace) => {
  const { session } = await livingSession();
  const { end, elapsedMs } = await waitWhile(session, () => replace(session));
  expect(end).toEqual({ kind: 'lost' });
  expect(elapsedMs).toBeLessThan(SOON_MS);
});

test.each(['result.toml', 'daemon-completion.toml', 'daemon.pid'])(
  'a directory in place of %s is no answer',
  async (name) => {
    const { session, die } = await livingSession();
    rmSync(join(session.directory, name), { force: true });
    mkdirSync(join(session.directory, name));
    die();
    const { end } = await look(session);
    if (name === 'daemon.pid') expect(end).toEqual({ kind: 'undetermined', reason: 'daemon-unreadable' });
    else expect(end).toMatchObject({ kind: 'finished', outcome: { success: false, exitCode: 1 } });
  },
);

test('waiting changes nothing below the directory, whatever the answer', async () => {
  const stories: readonly ((living: Awaited<ReturnType<typeof livingSession>>) => void)[] = [
    () => {},
    ({ die }) => die(),
    ({ session }) => void publishResult(session, RESULT),
    ({ session, die }) => {
      recordCompletion(session, { exitCode: 3 });
      die();
    },
  ];
  for (const story of stories) {
    const living = await livingSession();
    story(living);
    const before = hashTree(living.session.directory);
    await wait(new SessionSource(living.session), { capMs: 60 });
    expect(hashTree(living.session.directory)).toBe(before);
  }
});

test('a read-only directory can be waited on', async () => {
  const { session } = await livingSession();
  publishResult(session, RESULT);
  for (const name of readdirSync(session.directory)) chmodSync(join(session.directory, name), 0o400);
  chmodSync(session.directory, 0o500);
  expect((await look(session)).end.kind).toBe('finished');
});

test('modification times never change an answer', async () => {
  const daemon = await daemonProcess();
  const { session: published } = await livingSession();
  publishResult(published, RESULT);
  const { session: silent, die } = await livingSession();
  die();
  const foreign = { 'daemon.pid': daemon.pidFile, 'result.toml': RESULT_TEXT, 'output.log': 'at work' };
  const gone = { 'daemon.pid': '4194304 1\n', 'daemon-completion.toml': 'exit_code = 7\n' };
  for (const session of [published, silent, foreignSession(foreign), foreignSession(gone)]) {
    const { end } = await look(session);
    for (let i = 0; i < 8; i += 1) {
      for (const name of ['.', ...readdirSync(session.directory)]) {
        const seconds = Math.random() * 4e9;
        utimesSync(join(session.directory, name), seconds, seconds);
      }
      expect((await look(session)).end).toEqual(end);
    }
  }
});

test('a look keeps what it has read of the session that decides, until the next one', async () => {
  const { session } = await livingSession();
  const source = new SessionSource(session);
  expect(source.records).toBeUndefined();
  await source.observe();
  expect(source.records).toEqual({ daemon: readDaemon(session) });
  publishResult(session, RESULT);
  await source.observe();
  expect(source.records).toEqual({ daemon: readDaemon(session), metadata: readMetadata(session) });
  writeFileSync(join(session.directory, 'resume-target.toml'), '?');
  await source.observe();
  expect(source.records).toBeUndefined();
});

test("of a wrapper, what was read of its target is kept, not the wrapper's own", async () => {
  const target = foreignSession({ 'daemon.pid': '4194304 1\n', 'result.toml': RESULT_TEXT });
  const source = new SessionSource(wrapper(target.id, dirname(target.directory), { 'daemon.pid': '4194303 1\n' }));
  await source.observe();
  expect(source.records).toEqual({ daemon: readDaemon(target) });
});
