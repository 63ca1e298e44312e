import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, test } from 'vitest';
import { isStillThere, openNamedDirectory, openSessionDirectory, recordPlace } from './session.ts';
import { newSessionId } from './session-id.ts';
import { answerOf, emptySession, withoutOverride } from './sessions.test.fixture.ts';

test('a named session directory opens, also through a symbolic link', () => {
  const session = emptySession();
  const link = join(dirname(session.directory), 'link');
  symlinkSync(session.directory, link);
  expect(openNamedDirectory(session.directory)).toEqual(session);
  expect(openNamedDirectory(link)).toEqual(session);
});

test('a directory that no id names, and a file that one names, are refused', () => {
  const base = temporaryDirectory();
  const file = join(base, newSessionId());
  writeFileSync(file, '');
  expect(() => openNamedDirectory(base)).toThrow(expect.objectContaining({ reason: 'invalid-directory' }));
  expect(() => openNamedDirectory(file)).toThrow(expect.objectContaining({ reason: 'invalid-directory' }));
});

test('a directory that is not there is refused as not found, with the errno', () => {
  const path = join(temporaryDirectory(), newSessionId());
  const refusal = expect.objectContaining({ reason: 'not-found', message: expect.stringContaining('ENOENT') });
  expect(() => openNamedDirectory(path)).toThrow(refusal);
});

test('a symbolic link in place of a session directory is no session', () => {
  const session = emptySession();
  const id = newSessionId();
  const link = join(dirname(session.directory), id);
  symlinkSync(session.directory, link);
  expect(openSessionDirectory(link, id)).toBeUndefined();
});

test('records lie in the directory and belong to its owner', () => {
  const session = emptySession();
  expect(recordPlace(session, 'state.toml')).toEqual({
    path: `${session.directory}/state.toml`,
    owner: process.getuid?.(),
  });
  expect(basename(session.directory)).toBe(session.id);
});

test('a session is there until its directory is removed, replaced or swapped for a link', () => {
  const session = emptySession();
  expect(isStillThere(session)).toBe(true);
  const aside = `${session.directory}.aside`;
  renameSync(session.directory, aside);
  expect(isStillThere(session)).toBe(false);
  mkdirSync(session.directory);
  expect(isStillThere(session)).toBe(false);
  rmSync(session.directory, { recursive: true });
  symlinkSync(aside, session.directory);
  expect(isStillThere(session)).toBe(false);
});

test('trouble in looking proves no removal: it is thrown', async () => {
  const session = emptySession();
  const module = `
    import { chmodSync } from 'node:fs';
    import { dirname } from 'node:path';
    import { isStillThere, openNamedDirectory } from 'SRC/session.ts';
    const session = openNamedDirectory(process.argv[1]);
    chmodSync(dirname(session.directory), 0);
    let answer;
    try { answer = isStillThere(session); } catch (error) { answer = error.code; }
    chmodSync(dirname(session.directory), 0o700);
    console.log(JSON.stringify(answer));`;
  expect(await answerOf(module, { args: [session.directory], through: withoutOverride() })).toBe('EACCES');
});
