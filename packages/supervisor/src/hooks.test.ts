import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findByEnvironment } from '@csa/liveness';
import { readCompletion, readNotes } from '@csa/session';
import { temporaryDirectory, temporaryWorld, until } from '@csa/testkit';
import { expect, test } from 'vitest';
import { handOverHooks } from './hooks.ts';
import type { Started } from './index.ts';
import { gone, printed, resultOf, startShell, supervisorGone } from './started.test.fixture.ts';

const RUNNER = join(import.meta.dirname, 'hook-runner.test.fixture.ts');
const HOOKS = ['curl -d @- https://example.org/s3cr3t', 'true'];

/** What the runner was handed, once it is there. */
async function errandOf({ session }: Started) {
  const path = join(session.directory, 'errand.json');
  await until(() => existsSync(path), 'the errand', 30_000);
  return JSON.parse(readFileSync(path, 'utf8'));
}

test('hooks and the whole environment of the command are handed over once the record is there, not by words', async () => {
  const world = temporaryWorld();
  const big = 'x'.repeat(1_000_000);
  const started = await startShell(world, 'exit 3', { hooks: HOOKS, addedEnv: { TOKEN: 't0k3n' } });
  const { errand, commandLine, cwd, cookie } = await errandOf(started);
  expect(errand).toMatchObject({ directory: started.session.directory, project: world.project, hooks: HOOKS });
  expect(errand.env).toMatchObject({ TOKEN: 't0k3n', CSA_SESSION_ID: started.session.id, HOME: world.home });
  expect([commandLine.includes('s3cr3t'), commandLine.includes('t0k3n'), cwd]).toEqual([false, false, '/']);
  expect(cookie).toBe(started.session.id);
  expect(readCompletion(started.session)).toMatchObject({ kind: 'present', value: { exitCode: 3 } });
  handOverHooks({ script: RUNNER }, started.session, { ...errand, env: { BIG: big } });
  await until(async () => (await errandOf(started)).errand.env.BIG === big, 'an errand that fills no pipe', 30_000);
});

test.each([
  ['exits', 'true', undefined],
  ['cannot be started', undefined, ['./no-such-program']],
])('they are also of a command that %s', async (_, script, argv) => {
  const more = { hooks: HOOKS, ...(argv === undefined ? {} : { argv: argv as [string] }) };
  const started = await startShell(temporaryWorld(), script ?? '', more);
  expect((await errandOf(started)).errand.hooks).toEqual(HOOKS);
});

test('they are also of a supervisor that crashes: the session has its record', async () => {
  const started = await startShell(temporaryWorld(), 'echo ready; exec sleep 600', { hooks: HOOKS });
  await printed(started, /ready/);
  process.kill(started.supervisorPid, 'SIGUSR2');
  expect(await resultOf(started)).toMatchObject({ reason: 'supervisor-crashed' });
  expect((await errandOf(started)).errand.hooks).toEqual(HOOKS);
  await gone(started.supervisorPid);
});

test('without hooks nothing is started', async () => {
  const started = await startShell(temporaryWorld(), 'true', { hooks: [] });
  await supervisorGone(started);
  await gone(started.supervisorPid);
  expect(existsSync(join(started.session.directory, 'errand.json'))).toBe(false);
});

/** The first note of a session that is over and whose hooks are handed over to this script. */
async function noteOf(script: string, env: Record<string, string> = {}): Promise<string | undefined> {
  const started = await startShell(temporaryWorld(), 'true');
  await supervisorGone(started);
  const errand = { directory: started.session.directory, project: '/', env, hooks: HOOKS };
  handOverHooks({ script, patienceMs: 2_000 }, started.session, errand);
  const notes = await until(
    () => readNotes(started.session).length > 0 && readNotes(started.session),
    'the note',
    30_000,
  );
  expect(notes).toHaveLength(1);
  return notes[0];
}

function script(text: string): string {
  const path = join(temporaryDirectory(), 'runner.mjs');
  writeFileSync(path, text);
  return path;
}

test.each([
  ['small', {}],
  ['large', { BIG: 'x'.repeat(5_000_000) }],
])('a runner that cannot be loaded is a note of the session, also with a %s errand', async (_, env) => {
  expect(await noteOf('/no/such/script.js', env)).toMatch(/Z the hooks were not run: their runner ended .* \(1\)$/);
});

test.each([
  ['is killed', 'process.kill(process.pid, "SIGKILL");', /ended before it had read them \(SIGKILL\)$/],
  ['reads nothing', 'setInterval(() => {}, 1000);', /had not read them after 2s and was ended$/],
])('a runner that %s before it has read its errand is a note, and runs nothing later', async (_, text, expected) => {
  expect(await noteOf(script(text))).toMatch(expected);
});

test('a runner that has read its errand is nobody to wait for, and what becomes of it no note of its supervisor', async () => {
  const started = await startShell(temporaryWorld(), 'true');
  await supervisorGone(started);
  const index = join(import.meta.dirname, 'index.ts');
  const done = join(started.session.directory, 'done');
  const runner = script(`
    import { readHookErrand } from ${JSON.stringify(index)};
    import { writeFileSync } from 'node:fs';
    readHookErrand();
    writeFileSync(${JSON.stringify(done)}, '');
    process.exit(7);
  `);
  const errand = { directory: started.session.directory, project: '/', env: {}, hooks: HOOKS };
  handOverHooks({ script: runner }, started.session, errand);
  await until(() => existsSync(done), 'the runner to read', 30_000);
  await until(() => findByEnvironment('CSA_HOOK_SESSION', started.session.id).length === 0, 'its end');
  expect(readNotes(started.session)).toEqual([]);
});

test.each(['', '{', '{"directory":"/x","env":{"TOKEN":"s3cr3t'])(
  'an errand cut off at %j is told without a word of it',
  (input) => {
    const words = ['-c', 'printf %s "$3" | "$1" "$2" 3<&0', 'sh', process.execPath, RUNNER, input];
    const { status, stderr } = spawnSync('sh', words, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('their supervisor was cut off')]);
    expect(stderr).not.toContain('s3cr3t');
  },
);
