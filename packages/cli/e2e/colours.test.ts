import { runCsa, temporaryWorld, type World } from '@csa/testkit';
import { beforeEach, expect, it } from 'vitest';
import { waitFor } from './answer.ts';
import { sessionFile, startJob } from './job.ts';

const QUARREL = { FORCE_COLOR: '1', NO_COLOR: '1' };

let world: World;
beforeEach(() => {
  world = temporaryWorld();
});

it.each([QUARREL, { FORCE_COLOR: '', NO_COLOR: '1' }, { FORCE_COLOR: '3', NODE_DISABLE_COLORS: '1' }])(
  'variables that contradict each other are no reason for a word of Node: %j',
  async (env) => {
    const id = await startJob(['true'], { world, env });
    for (const words of [['session', 'wait', id], ['session', 'list'], ['session', 'wait'], ['--help'], ['frob']]) {
      const { stdout, stderr } = await runCsa(words, { world, env });
      expect(stdout + stderr, words.join(' ')).not.toContain('Warning');
    }
  },
);

it('the command of a session has them all the same', async () => {
  const id = await startJob(['sh', '-c', 'echo $FORCE_COLOR $NO_COLOR'], { world, env: QUARREL });
  expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(0);
  expect(sessionFile(world, id, 'stdout.log')).toBe('1 1\n');
});
