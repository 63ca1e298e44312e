import { spawn } from 'node:child_process';
import { until } from '@csa/testkit';
import { expect, it, onTestFinished } from 'vitest';
import { identify } from './process-identity.ts';
import { isStopped } from './stopped.ts';

it('tells a stopped process from a running one, and from another with its pid', async () => {
  const child = spawn('sleep', ['60']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const identity = await identify(child.pid ?? 0);
  if (identity === undefined) throw new Error('the child is gone');
  expect(isStopped(identity)).toBe(false);
  child.kill('SIGSTOP');
  await until(() => isStopped(identity), 'the child to be stopped');
  expect(isStopped({ ...identity, startTime: '1' })).toBe(false);
  child.kill('SIGCONT');
  await until(() => !isStopped(identity), 'the child to go on');
});
