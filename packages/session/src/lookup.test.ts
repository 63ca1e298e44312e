import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, test } from 'vitest';
import { type LookupScope, listAllSessions, listSessions, sessionsOfProject } from './listing.ts';
import { findById, findSession, projectOf } from './lookup.ts';
import type { Session } from './session.ts';
import { isSessionId, newSessionId, type SessionId } from './session-id.ts';
import { answerOf, emptySession, withoutOverride } from './sessions.test.fixture.ts';
import { sessionsDirectory } from './state-root.ts';

const A = id('01M0F77JH0BVPHYFAVF40A3GZ5');
const B = id('01M0F77JH0BVQ9C7D54M43DWN1');
const C = id('01M0F90000BVQ9C7D54M43DWN1');

const reason = (word: string) => expect.objectContaining({ name: 'Refusal', reason: word });

test('a prefix that only one session has finds it, in any case', () => {
  const scope = newScope();
  make(scope, A);
  const wanted = make(scope, C);
  expect(findSession('01M0F9', scope)).toEqual(wanted);
  expect(findSession('01m0f9', scope)).toEqual(wanted);
  expect(findSession(C.toLowerCase(), scope)).toEqual(wanted);
});

test('a prefix of several sessions is refused and lists them', () => {
  const scope = newScope();
  for (const each of [A, B, C]) make(scope, each);
  expect(() => findSession('01M0F77', scope)).toThrow(reason('ambiguous-id'));
  expect(() => findSession('01M0F77', scope)).toThrow(
    `2 sessions begin with "01M0F77": expected one match, got ${B} ${A}`,
  );
});

test('of many matches five are shown and the rest is counted', () => {
  const scope = newScope();
  for (let i = 0; i < 7; i += 1) make(scope, newSessionId(Date.now() + i));
  expect(() => findSession('0', scope)).toThrow(/^7 sessions .* and 2 more\./);
});

test('an unknown prefix and an unknown id are refused as not found', () => {
  const scope = newScope();
  make(scope, A);
  expect(() => findSession('7Z', scope)).toThrow(reason('not-found'));
  expect(() => findSession(B, scope)).toThrow(reason('not-found'));
});

test('a state root that does not exist yet holds no session', () => {
  const scope = newScope();
  expect(sessionsOfProject(scope)).toEqual([]);
  expect(() => findSession(A, scope)).toThrow(reason('not-found'));
});

test('a prefix stays in its project, a full id is found under any', () => {
  const scope = newScope();
  const elsewhere = { ...scope, project: '/somewhere/else' };
  const wanted = make(elsewhere, A);
  expect(findSession(A, scope)).toEqual(wanted);
  expect(() => findSession(A.slice(0, 25), scope)).toThrow(reason('not-found'));
});

test('of two sessions of one id the one in this project is meant', () => {
  const scope = newScope();
  make({ ...scope, project: '/somewhere/else' }, A);
  const wanted = make(scope, A);
  expect(findSession(A, scope)).toEqual(wanted);
});

test('one id under two other projects is ambiguous', () => {
  const scope = newScope();
  make({ ...scope, project: '/one' }, A);
  make({ ...scope, project: '/two' }, A);
  expect(() => findSession(A, scope)).toThrow(reason('ambiguous-id'));
});

test('the legacy root is read after the primary one', () => {
  const scope = newScope();
  const legacy = { ...scope, roots: { ...scope.roots, primary: scope.roots.legacy } };
  const old = make(legacy, A);
  const elsewhere = make({ ...legacy, project: '/else' }, C);
  make(legacy, B);
  const current = make(scope, B);
  expect(findSession(A, scope)).toEqual(old);
  expect(findSession(C, scope)).toEqual(elsewhere);
  expect(sessionsOfProject(scope)).toEqual([current, old]);
});

test.each(['/home/dev/sessions/api', '/sessions', '/home/dev/sessions', `/home/dev/${B}/api`, '/home/.hidden/api'])(
  'a full id is found under the project %s',
  (project) => {
    const scope = newScope();
    make({ ...scope, project: '/home/dev' }, C);
    const wanted = make({ ...scope, project }, A);
    expect(findSession(A, scope)).toEqual(wanted);
  },
);

test('a directory that carries an id outside of `sessions` is no session', () => {
  const scope = newScope();
  mkdirSync(join(scope.roots.primary, 'home', A), { recursive: true });
  expect(() => findSession(A, scope)).toThrow(reason('not-found'));
});

test('whatever else lies beside the sessions is skipped', () => {
  const scope = newScope();
  const wanted = make(scope, A);
  const sessions = dirname(wanted.directory);
  for (const name of ['.git', '.new-0123456789abcdef', A.toLowerCase(), 'archive']) mkdirSync(join(sessions, name));
  mkdirSync(join(sessions, '.git', 'sessions', B), { recursive: true });
  writeFileSync(join(sessions, 'cooldown-marker.toml'), '');
  writeFileSync(join(sessions, B), 'a file, not a directory');
  symlinkSync(wanted.directory, join(sessions, C));
  expect(sessionsOfProject(scope)).toEqual([wanted]);
  expect(() => findSession(B, scope)).toThrow(reason('not-found'));
  expect(() => findSession(C, scope)).toThrow(reason('not-found'));
});

test('sessions come newest first', () => {
  const scope = newScope();
  for (const each of [B, C, A]) make(scope, each);
  expect(sessionsOfProject(scope).map((session) => session.id)).toEqual([C, B, A]);
});

test('a session is found beside another, else under any project where the roots are known', () => {
  const scope = newScope();
  const first = make(scope, A);
  const sibling = make(scope, B);
  const elsewhere = make({ ...scope, project: '/else' }, C);
  expect(findById(B, first, undefined)).toEqual(sibling);
  expect(findById(C, first, undefined)).toBeUndefined();
  expect(findById(C, first, scope.roots)).toEqual(elsewhere);
});

test.each([A, A.slice(0, 8)])('a state root that cannot be walked is refused and named, looking for %s', (wanted) => {
  const scope = newScope();
  const primary = join(temporaryDirectory(), 'loop');
  symlinkSync('loop', primary);
  const looped = { ...scope, roots: { ...scope.roots, primary } };
  expect(() => findSession(wanted, looped)).toThrow(reason('state-root-unreadable'));
  expect(() => findSession(wanted, looped)).toThrow(`ELOOP at ${primary}`);
});

test('a file in place of the state root holds no session', () => {
  const scope = newScope();
  writeFileSync(scope.roots.primary, '');
  expect(() => findSession(A, scope)).toThrow(reason('not-found'));
  expect(sessionsOfProject(scope)).toEqual([]);
});

const LOOK = `
  import { chmodSync } from 'node:fs';
  import { findSession } from 'SRC/lookup.ts';
  const [scope, wanted, closed, mode] = process.argv.slice(1);
  chmodSync(closed, Number.parseInt(mode, 8));
  let answer;
  try { answer = findSession(wanted, JSON.parse(scope)).id; } catch (error) { answer = error.reason ?? error.message; }
  chmodSync(closed, 0o700);
  console.log(JSON.stringify(answer));`;

test.each([
  ['nothing of it', '0'],
  ['its names but nothing below them', '400'],
])('a project whose sessions this user may not read is refused: %s', async (_what, mode) => {
  const scope = newScope();
  const sessions = dirname(make(scope, A).directory);
  for (const wanted of [A, A.slice(0, 8)]) {
    const args = [JSON.stringify(scope), wanted, sessions, mode];
    expect(await answerOf(LOOK, { args, through: withoutOverride() })).toBe('state-root-unreadable');
  }
});

test.each(['0', '400'])("another project that this user may not read (%s) hides nothing of one's own", async (mode) => {
  const scope = newScope();
  make({ ...scope, project: '/mine' }, A);
  const closed = dirname(make({ ...scope, project: '/other' }, B).directory);
  const args = [JSON.stringify(scope), A, closed, mode];
  expect(await answerOf(LOOK, { args, through: withoutOverride() })).toBe(A);
});

test('a state root that this user may not list is refused, not taken for empty', async () => {
  const scope = newScope();
  make({ ...scope, project: '/mine' }, A);
  const args = [JSON.stringify(scope), A, scope.roots.primary, '100'];
  expect(await answerOf(LOOK, { args, through: withoutOverride() })).toBe('state-root-unreadable');
});

test("want of descriptors is the program's own trouble: no session is called missing for it", async () => {
  const scope = newScope();
  make({ ...scope, project: '/mine' }, A);
  const module = `
    import { openSync } from 'node:fs';
    import { findSession } from 'SRC/lookup.ts';
    try { for (;;) openSync('/dev/null'); } catch {}
    let answer;
    try { answer = findSession(process.argv[2], JSON.parse(process.argv[1])).id; } catch (error) { answer = error.reason; }
    console.log(JSON.stringify(answer));`;
  const through = ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'];
  expect(await answerOf(module, { args: [JSON.stringify(scope), A], through })).toBe('io-error');
});

test('a project is the real path of a directory', () => {
  const base = temporaryDirectory();
  const link = join(base, 'link');
  const file = join(base, 'file');
  mkdirSync(join(base, 'project'));
  symlinkSync('project', link);
  writeFileSync(file, '');
  expect(projectOf(link)).toBe(realpathSync(join(base, 'project')));
  expect(() => projectOf(join(base, 'nothing'))).toThrow(reason('invalid-directory'));
  expect(() => projectOf(file)).toThrow(reason('invalid-directory'));
});

function newScope(): LookupScope {
  const base = temporaryDirectory();
  const roots = { primary: join(base, 'cli-sub-agent'), legacy: join(base, 'csa'), isDefault: false };
  return { project: '/home/dev/api', roots };
}

function make({ roots, project }: LookupScope, sessionId: SessionId): Session {
  return emptySession(sessionId, sessionsDirectory(roots.primary, project));
}

function id(text: string): SessionId {
  if (!isSessionId(text)) throw new Error(text);
  return text;
}

test('names are listed newest first, and opened one by one', () => {
  const scope = newScope();
  const [first, gone] = [make(scope, A), make(scope, B)];
  const { ids, open } = listSessions(scope);
  rmSync(gone.directory, { recursive: true });
  expect(ids).toEqual([B, A]);
  expect(ids.map(open)).toEqual([undefined, first]);
  expect(open(C)).toBeUndefined();
});

test('the sessions of every project are listed together', () => {
  const scope = newScope();
  const here = make(scope, B);
  const elsewhere = make({ ...scope, project: '/else/where' }, A);
  const { ids, open } = listAllSessions(scope.roots);
  expect(ids.map(open)).toEqual([here, elsewhere]);
});
