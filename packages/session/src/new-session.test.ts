import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { readMetadata } from './metadata.ts';
import { bear, createUnborn, discardUnborn } from './new-session.ts';
import { isSessionId, newSessionId } from './session-id.ts';
import { afterShell, answerOf, namespace, withoutOverride } from './sessions.test.fixture.ts';
import { readState } from './state.ts';

const PLAN = { project: '/home/dev/api', description: 'tighten retries', tool: 'codex' };

test('a session to come is invisible, with all that its starter knows', () => {
  const sessions = join(temporaryDirectory(), 'a', 'b', 'sessions');
  const unborn = createUnborn(sessions, PLAN);
  const names = readdirSync(sessions);
  expect(names).toEqual([expect.stringMatching(/^\.new-[0-9a-f]{16}$/)]);
  expect(readdirSync(unborn.directory).sort()).toEqual(['metadata.toml', 'output', 'state.toml']);
  expect(isSessionId(unborn.id)).toBe(true);
});

test('it appears whole, under its id', () => {
  const sessions = join(temporaryDirectory(), 'sessions');
  const unborn = createUnborn(sessions, PLAN);
  const session = bear(unborn);
  expect(readdirSync(sessions)).toEqual([unborn.id]);
  expect(session).toMatchObject({ id: unborn.id, directory: join(sessions, unborn.id) });
  expect(readState(session)).toMatchObject({
    value: { id: unborn.id, projectPath: PLAN.project, description: PLAN.description, phase: 'active' },
  });
  expect(readMetadata(session)).toEqual({
    kind: 'present',
    value: { tool: 'codex', publishesOnce: true, labels: new Map() },
  });
});

test('it never takes the place of a session of its id, and nothing is lost', () => {
  const sessions = join(temporaryDirectory(), 'sessions');
  const first = createUnborn(sessions, PLAN);
  const second = createUnborn(sessions, { ...PLAN, tool: 'other' });
  const session = bear(first);
  expect(() => bear({ ...second, id: first.id })).toThrow(/ENOTEMPTY|EEXIST/);
  expect(readMetadata(session)).toMatchObject({ value: { tool: 'codex' } });
  expect(readFileSync(join(second.directory, 'metadata.toml'), 'utf8')).toContain('other');
});

test('of fifty births of one id at once, one wins', async () => {
  const sessions = join(temporaryDirectory(), 'sessions');
  const id = newSessionId();
  const crowds = Array.from({ length: 5 }, () =>
    Array.from({ length: 10 }, () => createUnborn(sessions, PLAN).directory),
  );
  const module = `
    import { existsSync, writeFileSync } from 'node:fs';
    import { bear } from 'SRC/new-session.ts';
    const [id, at, ...directories] = process.argv.slice(1);
    while (Date.now() < Number(at));
    const born = directories.filter((directory) => {
      try { return bear({ id, directory }); } catch (error) { if (!/ENOTEMPTY|EEXIST/.test(error.code)) throw error; }
    });
    console.log(JSON.stringify(born));`;
  const at = String(Date.now() + 500);
  const winners = await Promise.all(crowds.map((crowd) => answerOf<string[]>(module, { args: [id, at, ...crowd] })));
  expect(winners.flat()).toHaveLength(1);
  expect(readdirSync(sessions).filter((name) => name === id)).toHaveLength(1);
  expect(readdirSync(sessions)).toHaveLength(50);
});

describe('modes do not depend on the umask', () => {
  const module = `
    import { lstatSync, readdirSync } from 'node:fs';
    import { join } from 'node:path';
    import { identify } from '@csa/liveness';
    import { bear, createUnborn, publishResult, recordCommand, recordCompletion, recordDaemon, recordStopRequest,
      reserveResult, retireState } from 'SRC/index.ts';
    const [base, result] = process.argv.slice(1);
    const at = '2026-08-20T10:00:00.000Z';
    const identity = await identify(process.pid);
    const unborn = createUnborn(join(base, 'x', 'y', 'sessions'), ${JSON.stringify(PLAN)});
    reserveResult(unborn.directory);
    recordDaemon(unborn.directory, identity);
    const session = bear(unborn);
    recordCommand(session, identity);
    recordStopRequest(session, { by: 'x', at, why: '', signal: 'SIGTERM', graceMs: 1 });
    publishResult(session, { status: 'success', exitCode: 0, summary: '', tool: 'x', startedAt: at, completedAt: at });
    recordCompletion(session, { exitCode: 0 });
    retireState(session, 'completed', at);
    const modes = {};
    for (const name of readdirSync(base, { recursive: true })) {
      const stat = lstatSync(join(base, name));
      const kind = (stat.isDirectory() ? 'd' : 'f') + (stat.mode & 0o7777).toString(8);
      modes[kind] = (modes[kind] ?? 0) + 1;
    }
    console.log(JSON.stringify(modes));`;

  test.each(['0000', '0022', '0077', '0777'])('%s', async (umask) => {
    const through = [...withoutOverride(), ...afterShell(`umask ${umask}`)];
    const modes = await answerOf(module, { args: [temporaryDirectory()], through });
    // x, y, sessions, the session and its output; state, metadata, daemon, command, stop, result, completion.
    expect(modes).toEqual({ d700: 5, f600: 7 });
  });
});

test('directories of the user keep their modes', () => {
  const base = temporaryDirectory();
  mkdirSync(join(base, 'state'), { mode: 0o755 });
  createUnborn(join(base, 'state', 'sessions'), PLAN);
  expect(statSync(join(base, 'state')).mode & 0o777).toBe(0o755);
});

test('a state root that is a file, or under one, is refused as unwritable', () => {
  const base = temporaryDirectory();
  writeFileSync(join(base, 'file'), '');
  const refusal = expect.objectContaining({ reason: 'state-root-unwritable' });
  expect(() => createUnborn(join(base, 'file'), PLAN)).toThrow(refusal);
  expect(() => createUnborn(join(base, 'file', 'sessions'), PLAN)).toThrow(refusal);
});

const REFUSED = `
  import { existsSync, readdirSync, chmodSync, writeFileSync } from 'node:fs';
  import { createUnborn } from 'SRC/new-session.ts';
  const [base, mode] = process.argv.slice(1);
  const sessions = base + '/sessions';
  if (mode !== 'full') chmodSync(base, Number.parseInt(mode, 8));
  else try { for (let i = 0; ; i += 1) writeFileSync(base + '/fill' + i, 'x'.repeat(4096)); } catch {}
  let answer;
  try { createUnborn(sessions, ${JSON.stringify(PLAN)}); answer = ['started', '']; }
  catch (error) { answer = [error.reason ?? 'crash', error.message]; }
  chmodSync(base, 0o700);
  answer.push(existsSync(sessions) ? readdirSync(sessions).length : 0);
  console.log(JSON.stringify(answer));`;

test('a state root without write permission is refused', async () => {
  const base = temporaryDirectory();
  const answer = await answerOf(REFUSED, { args: [base, '500'], through: withoutOverride() });
  expect(answer).toEqual(['state-root-unwritable', expect.stringContaining(`EACCES at ${base}`), 0]);
});

describe('a full disk is refused as such and keeps no debris', () => {
  test.each([
    ['blocks', 'size=64k'],
    ['inodes', 'size=1m,nr_inodes=4'],
  ])('%s', async (_what, size) => {
    const base = temporaryDirectory();
    const isolated = namespace();
    const through =
      isolated === undefined ? [] : [...isolated, ...afterShell(`mount -t tmpfs -o ${size} tmpfs ${base}`)];
    const answer = await answerOf(REFUSED, { args: [base, isolated === undefined ? '700' : 'full'], through });
    expect(answer).toEqual(
      isolated === undefined ? ['started', '', 1] : ['disk-full', expect.stringContaining('ENOSPC'), 0],
    );
  });
});

test('discarding removes all of it, and what is not there is no trouble', () => {
  const sessions = join(temporaryDirectory(), 'sessions');
  const { directory } = createUnborn(sessions, PLAN);
  discardUnborn(directory);
  discardUnborn(directory);
  expect(existsSync(directory)).toBe(false);
});
