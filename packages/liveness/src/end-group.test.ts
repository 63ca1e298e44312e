import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { endGroup, endProvenGroup, mayHaveMember } from './end-group.ts';
import { identify } from './process-identity.ts';

/** Until it is a program of its own, a shell's child takes signals as the shell does, and forgets them. */
const STARTED = 'until ps -o comm= -p $! | grep -q sleep; do :; done';

/** A shell that leads a group, once it and its child are ready. */
async function startGroup(script: string): Promise<{ readonly leader: ChildProcess; readonly pgid: number }> {
  const leader = spawn('sh', ['-c', `${script}; sleep 600 & ${STARTED}; echo ready; wait`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pgid = leader.pid ?? 0;
  onTestFinished(() => {
    if (mayHaveMember(pgid)) process.kill(-pgid, 'SIGKILL');
  });
  await once(leader.stdout, 'data');
  return { leader, pgid };
}

test('a group is asked to end, and has when that is said', async () => {
  const { pgid } = await startGroup(':');
  expect(mayHaveMember(pgid)).toBe(true);
  expect(await endGroup(pgid, 60_000)).toBe(true);
  expect(mayHaveMember(pgid)).toBe(false);
});

test('a stopped group ends without a kill', async () => {
  const { leader, pgid } = await startGroup("trap 'exit 7' TERM");
  const ended = once(leader, 'exit');
  process.kill(-pgid, 'SIGSTOP');
  expect(await endGroup(pgid, 60_000)).toBe(true);
  expect(await ended).toEqual([7, null]);
});

test('what does not listen is killed', async () => {
  const { leader, pgid } = await startGroup("trap '' TERM");
  const ended = once(leader, 'exit');
  expect(await endGroup(pgid, 50)).toBe(true);
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('the group of another process is ended where its leader is proven', async () => {
  const { pgid } = await startGroup(':');
  const leader = (await identify(pgid)) ?? { pid: pgid };
  expect(await endProvenGroup(leader)).toBe('ended');
  expect(mayHaveMember(pgid)).toBe(false);
  expect(await endProvenGroup(leader)).toBe('ended');
});

test('whoever cannot be proven is left alone', async () => {
  const { leader, pgid } = await startGroup(':');
  expect(await endProvenGroup({ pid: pgid })).toBe('unknown');
  expect(leader.exitCode ?? leader.signalCode).toBeNull();
});

test('whoever has taken the number is left alone', async () => {
  const { leader, pgid } = await startGroup(':');
  const identity = (await identify(pgid)) ?? { pid: pgid };
  expect(await endProvenGroup({ ...identity, startTime: '1' })).toBe('ended');
  expect(leader.exitCode ?? leader.signalCode).toBeNull();
  expect(mayHaveMember(pgid)).toBe(true);
});
