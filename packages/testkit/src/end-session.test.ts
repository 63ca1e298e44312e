import { type ChildProcess, spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { endRefreshers, endSession } from './end-session.ts';
import { temporaryWorld } from './temporary-world.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';
const FOREVER = 'setInterval(() => {}, 1000)';

function sleeper(world: World, words: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, ['-e', FOREVER, '--', ...words], {
    env: { ...world.env, ...env },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

it('kills what carries the id in its environment or on its command line, and nothing else', async () => {
  const world = temporaryWorld();
  const byCookie = sleeper(world, [], { CSA_SESSION_ID: ID });
  const byName = sleeper(world, [`--session=${ID}`]);
  const other = sleeper(world, [], { CSA_SESSION_ID: '01M0F77JH0BVPKWYNPY80M71YA' });
  const elsewhere = sleeper(temporaryWorld(), [ID], { CSA_SESSION_ID: ID });

  endSession(world, ID);
  await until(() => byCookie.signalCode === 'SIGKILL' && byName.signalCode === 'SIGKILL', 'both to be killed');
  expect([other, elsewhere].map((child) => child.signalCode ?? child.exitCode)).toEqual([null, null]);
});

it('has nothing to do where nothing runs', () => {
  expect(() => endSession(temporaryWorld(), ID)).not.toThrow();
});

it('what refreshes a brief of a world is ended with it, and no other', async () => {
  const world = temporaryWorld();
  const refresher = (of: World, project: string) => sleeper(of, ['/opt/csa/bin/csa-brief.js', 'reactive', project]);
  const byHome = refresher(world, '/elsewhere');
  const byProject = refresher({ ...temporaryWorld(), env: {} }, world.project);
  const elsewhere = refresher(temporaryWorld(), '/elsewhere');
  const other = sleeper(world, ['/opt/csa/bin/csa.js', world.project]);

  endRefreshers(world);
  await until(() => byHome.signalCode === 'SIGKILL' && byProject.signalCode === 'SIGKILL', 'both to be killed');
  expect([other, elsewhere].map((child) => child.signalCode ?? child.exitCode)).toEqual([null, null]);
});
