import { rmSync } from 'node:fs';
import { materialize } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { type FinishedSession, lookAtFinished } from './finished-session.ts';
import { describeCrash, describeFailure, hookEnvironment } from './run-hooks.ts';

function look(fixture: string, env: NodeJS.ProcessEnv = {}): Promise<FinishedSession> {
  const { dir, cd, world } = materialize(fixture);
  return lookAtFinished({
    directory: dir,
    project: cd,
    env: { ...definedOf(world.env), ...definedOf(env) },
    hooks: [],
  });
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

describe('the verdict that hooks get', () => {
  it.each([
    ['01-finished-success', { wait_result: 'finished', status: 'success', exit: 0 }],
    ['02-finished-failure-exit3', { wait_result: 'finished', status: 'failure', exit: 3 }],
    ['04-completion-success-only-empty-stdout', { wait_result: 'finished', exit: 1, reason: 'result-missing' }],
  ])('of %s is what a wait says, as one line by its schema', async (fixture, expected) => {
    const { line, document } = await look(fixture);
    expect(document).toMatchObject({ ...expected, cap_ms: 0, cap_source: 'flag' });
    expect([line.includes('\n'), JSON.parse(line), faultsOf('session-wait', document)]).toEqual([false, document, []]);
  });

  it("names commands that work where the command's environment has another state root, or none", async () => {
    for (const env of [{ XDG_STATE_HOME: '/elsewhere' }, { HOME: 'no/path', XDG_STATE_HOME: '' }]) {
      const { document, located } = await look('01-finished-success', env);
      expect(document.next?.cmd).toContain(`session result --dir ${located.session.directory}`);
    }
    expect((await look('01-finished-success')).document.next?.cmd).not.toContain('--dir');
  });

  it('of a session that was removed is none', async () => {
    const { dir, cd } = materialize('01-finished-success');
    rmSync(dir, { recursive: true });
    const looked = lookAtFinished({ directory: dir, project: cd, env: {}, hooks: [] });
    await expect(looked).rejects.toMatchObject({ reason: 'not-found' });
  });
});

it("a hook's environment is the command's without its cookie, and says what the hook is about", async () => {
  const finished = await look('02-finished-failure-exit3');
  const env = { PATH: '/bin', CSA_SESSION_ID: finished.located.session.id, CSA_HOOK_EXIT: 'of an outer hook' };
  expect(hookEnvironment(env, finished)).toEqual({
    PATH: '/bin',
    CSA_HOOK: 'session_finished',
    CSA_HOOK_SESSION: finished.located.session.id,
    CSA_HOOK_STATUS: 'failure',
    CSA_HOOK_EXIT: '3',
  });
});

it.each([
  ['exited with 7', '', 'hook 1 of 2 exited with 7'],
  ['was killed by SIGKILL', 'no route', 'hook 1 of 2 was killed by SIGKILL; its last output: no route'],
])('a hook that %s with last output %j is told of by its number', (how, lastLine, expected) => {
  expect(describeFailure({ kind: 'failed', how, lastLine }, 1, 2)).toBe(expected);
});

it.each([
  [new Error('EMFILE: too many open files'), 0, 'the hooks were not run: EMFILE: too many open files'],
  ['a text', 2, 'the hooks after number 2 were not run: a text'],
])('a runner that breaks on %s after %i hooks says which were not run', (error, begun, expected) => {
  expect(describeCrash(error, begun)).toBe(expected);
});
