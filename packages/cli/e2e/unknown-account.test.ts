import { builtCsa, type RunResult, temporaryWorld, testNode, type World } from '@csa/testkit';
import { expect, it } from 'vitest';
import { answerOf } from './answer.ts';
import { sessionFile } from './job.ts';
import { run } from './program.ts';

/** Under a uid that the system has no account for, without HOME and SHELL: so run containers their commands. */
function csaOfNobody(args: readonly string[], world: World, env: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  const argv: [string, ...string[]] = ['unshare', '-U', '--map-user=12345', testNode(), builtCsa, ...args];
  return run(argv, { world, env: { HOME: undefined, SHELL: undefined, ...env } });
}

it('an account that the system does not know starts sessions and waits for them', async () => {
  const world = temporaryWorld();
  const started = await csaOfNobody(['session', 'start', '--', 'env'], world);
  expect([started.code, started.stderr.includes('internal-error')]).toEqual([0, false]);
  const id = started.stdout.trim();
  expect(answerOf(await csaOfNobody(['session', 'wait', id, '--cap', '30s'], world)).code).toBe(0);
  expect(sessionFile(world, id, 'stdout.log')).not.toMatch(/^(?:HOME|SHELL)=/m);
});

it('it is refused where no place for sessions is known, and a doctor says so', async () => {
  const world = temporaryWorld();
  const nowhere = { XDG_STATE_HOME: undefined, XDG_CONFIG_HOME: undefined };
  const listed = await csaOfNobody(['session', 'list'], world, nowhere);
  expect([listed.code, listed.stderr]).toEqual([125, expect.stringContaining('reason=no-home')]);
  const { code, stdout } = await csaOfNobody(['doctor'], world, nowhere);
  expect([code, stdout]).toEqual([1, expect.stringContaining('home directory is not known')]);
});

it.each([['--help'], ['--version'], ['session', '--help'], ['config', 'show']])('%s %s answers', async (...args) => {
  const { code, stdout } = await csaOfNobody(args, temporaryWorld());
  expect([code, stdout === '']).toEqual([0, false]);
});
