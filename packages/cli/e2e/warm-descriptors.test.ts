import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryWorld, testNode, until } from '@csa/testkit';
import { expect, it } from 'vitest';
import { beats, driverProgram, warmJson } from './heartbeat.ts';
import { startGated } from './job.ts';
import { isRunning } from './program.ts';

const HEARTBEAT = join(import.meta.dirname, '../bin/csa-warm.js');
/** The lower ones are marked close-on-exec by the Node that starts it. */
const HIGH_FD = 200;

function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return 'closed';
    }
  });
}

it.runIf(process.platform === 'linux')('a heartbeat lets go of what it inherited', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const first = await warmJson(world, ['on', id, '5m', '--caller', 'me', '--', ...driverProgram(world)]);
  process.kill(first.heartbeat_pid, 'SIGKILL');
  await until(() => !isRunning(first.heartbeat_pid), 'its end');
  const inherited = join(world.home, 'inherited');
  mkdirSync(inherited);
  const words = [testNode(), HEARTBEAT, join(world.stateRoot, '.warm'), 'other', 'me', id];
  const child = spawn('bash', ['-c', `exec ${HIGH_FD}<"$0"; exec "$@"`, inherited, ...words], {
    env: world.env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const { pid = 0 } = child;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const answer = await new Promise((resolve) => child.stdio[3]?.once('data', (data) => resolve(String(data))));
    expect(answer).toBe(JSON.stringify({ kind: 'ready', pid }));
    const open = openFiles(pid);
    expect(open.length).toBeGreaterThan(3);
    expect(open).not.toContain(inherited);
    expect(beats(world)).toEqual([]);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
});
