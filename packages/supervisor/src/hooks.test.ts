import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCompletion, readNotes } from '@csa/session';
import { temporaryWorld, until } from '@csa/testkit';
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
  const { errand, commandLine, cwd } = await errandOf(started);
  expect(errand).toMatchObject({ directory: started.session.directory, project: world.project, hooks: HOOKS });
  expect(errand.env).toMatchObject({ TOKEN: 't0k3n', CSA_SESSION_ID: started.session.id, HOME: world.home });
  expect([commandLine.includes('s3cr3t'), commandLine.includes('t0k3n'), cwd]).toEqual([false, false, '/']);
  expect(readCompletion(started.session)).toMatchObject({ kind: 'present', value: { exitCode: 3 } });
  handOverHooks(RUNNER, started.session, { ...errand, env: { BIG: big } });
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

test('a runner that reads nothing of a large errand is a note of the session', async () => {
  const started = await startShell(temporaryWorld(), 'true');
  await supervisorGone(started);
  const errand = {
    directory: started.session.directory,
    project: '/',
    env: { BIG: 'x'.repeat(5_000_000) },
    hooks: HOOKS,
  };
  handOverHooks('/no/such/script.js', started.session, errand);
  const [note] = await until(() => readNotes(started.session).length > 0 && readNotes(started.session), 'the note');
  expect(note).toMatch(/Z the hooks were not run: .*E(?:PIPE|CONNRESET)/);
});

test.each(['', '{', '{"directory":"/x","hooks":["tr'])('an errand cut off at %j is none', (input) => {
  const words = ['-c', 'printf %s "$3" | "$1" "$2" 3<&0', 'sh', process.execPath, RUNNER, input];
  const { status, stderr } = spawnSync('sh', words, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
