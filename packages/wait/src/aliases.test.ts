import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { publishResult, type Session } from '@csa/session';
import { expect, test } from 'vitest';
import { SessionSource } from './session-source.ts';
import {
  daemonProcess,
  foreignSession,
  idOfAge,
  livingSession,
  newSessions,
  RESULT,
  RESULT_TEXT,
  resumeTarget,
  wrapper,
} from './sessions.test.fixture.ts';
import { wait } from './wait.ts';

const DEAD_PID = '4194304 1\n';
const FINISHED_FILES = { 'daemon.pid': DEAD_PID, 'result.toml': RESULT_TEXT };
/** What would make the wrapper itself finished, or dead. */
const WRAPPERS_OWN = {
  'daemon.pid': DEAD_PID,
  'daemon-completion.toml': 'exit_code = 9\n',
  'result.toml': RESULT_TEXT.replace('"success"', '"failure"'),
};

/** Wrappers before a session, the outermost first. */
function chainTo(target: Session, wrappers: number): Session {
  let first = target;
  for (let i = 0; i < wrappers; i += 1) first = wrapper(first.id, dirname(target.directory));
  return first;
}

test('a wrapper is followed to its target', async () => {
  const target = foreignSession(FINISHED_FILES);
  const source = new SessionSource(chainTo(target, 1));
  expect((await wait(source, { capMs: 5_000 })).end).toMatchObject({ kind: 'finished', outcome: { success: true } });
  expect(source.resolved.id).toBe(target.id);
});

test('a target of another project is found below the state roots', async () => {
  const { session: target } = await livingSession();
  publishResult(target, RESULT);
  const asked = wrapper(target.id, newSessions());
  const primary = dirname(dirname(target.directory));
  const source = new SessionSource(asked, { primary, legacy: '/nowhere', isDefault: true });
  expect((await wait(source, { capMs: 5_000 })).end.kind).toBe('finished');
  expect(source.resolved.directory).toBe(target.directory);
  const without = await wait(new SessionSource(asked), { capMs: 5_000 });
  expect(without.end).toEqual({ kind: 'alias-trouble', reason: 'alias-missing' });
});

test.each([1, 2, 3, 4])('a chain of %d wrappers is followed', async (length) => {
  const source = new SessionSource(chainTo(foreignSession(FINISHED_FILES), length));
  expect((await wait(source, { capMs: 5_000 })).end.kind).toBe('finished');
});

test('a chain of 5 wrappers is too long, although its end has finished', async () => {
  const source = new SessionSource(chainTo(foreignSession(FINISHED_FILES), 5));
  expect((await wait(source, { capMs: 5_000 })).end).toEqual({ kind: 'alias-trouble', reason: 'alias-too-long' });
});

test('wrappers that stand for each other, or for themselves, are a loop', async () => {
  const sessions = newSessions();
  const [a, b, c] = [idOfAge(), idOfAge(), idOfAge()];
  foreignSession({ 'resume-target.toml': resumeTarget(b) }, { sessions, id: a });
  const second = foreignSession({ 'resume-target.toml': resumeTarget(a) }, { sessions, id: b });
  const self = foreignSession({ 'resume-target.toml': resumeTarget(c) }, { sessions, id: c });
  for (const session of [second, self]) {
    const { end } = await wait(new SessionSource(session), { capMs: 5_000 });
    expect(end).toEqual({ kind: 'alias-trouble', reason: 'alias-loop' });
  }
});

test.each([
  ['a target that is not there', resumeTarget(idOfAge()), 'alias-missing'],
  ['a file that is no TOML', 'kind = ', 'alias-invalid'],
  ['a target that is a path', resumeTarget('../../etc'), 'alias-invalid'],
  ['another kind', resumeTarget(idOfAge()).replace('resume-wrapper', 'other'), 'alias-invalid'],
])('%s is told as %s, and nothing of the wrapper is used', async (_, text, reason) => {
  const session = foreignSession({ ...WRAPPERS_OWN, 'resume-target.toml': text });
  const { end, elapsedMs } = await wait(new SessionSource(session), { capMs: 60_000 });
  expect(end).toEqual({ kind: 'alias-trouble', reason });
  expect(elapsedMs).toBeLessThan(2_000);
});

test("a wrapper's own result and completion are never used", async () => {
  const { session: target } = await livingSession();
  const source = new SessionSource(wrapper(target.id, dirname(target.directory), WRAPPERS_OWN));
  expect((await wait(source, { capMs: 400 })).end).toEqual({ kind: 'alive' });
});

test('a wrapper whose target appears while it is waited for is followed, and later events of the target wake', async () => {
  const { session: target } = await livingSession();
  const daemon = await daemonProcess();
  const asked = foreignSession({ 'daemon.pid': daemon.pidFile }, { sessions: dirname(target.directory) });
  const source = new SessionSource(asked);
  const pending = [
    { when: asked.id, act: () => writeFileSync(join(asked.directory, 'resume-target.toml'), resumeTarget(target.id)) },
    { when: target.id, act: () => publishResult(target, RESULT) },
  ];
  const { end } = await wait(source, {
    capMs: 30_000,
    onLook: () => {
      if (source.resolved.id === pending[0]?.when) setTimeout(pending.shift()?.act as () => void, 30);
    },
  });
  expect(end).toMatchObject({ kind: 'finished', source: 'result' });
  expect(source.resolved.id).toBe(target.id);
});

test.each([
  ['removed', (target: Session) => rmSync(target.directory, { recursive: true })],
  [
    'replaced by another of its id',
    (target: Session) => {
      renameSync(target.directory, `${target.directory}.old`);
      mkdirSync(target.directory);
      writeFileSync(join(target.directory, 'result.toml'), RESULT_TEXT);
      writeFileSync(join(target.directory, 'daemon.pid'), DEAD_PID);
    },
  ],
])('a target that was followed and then %s is lost', async (_, change) => {
  const { session: target } = await livingSession();
  const source = new SessionSource(chainTo(target, 2));
  let acted = false;
  const { end } = await wait(source, {
    capMs: 30_000,
    onLook: () => {
      if (!acted) setTimeout(() => change(target), 50);
      acted = true;
    },
  });
  expect(end).toEqual({ kind: 'lost' });
});
