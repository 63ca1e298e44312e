import { statSync } from 'node:fs';
import { join } from 'node:path';
import { builtCsa, csa, hashTree, sessionDirectory, temporaryWorld, testNode, until } from '@csa/testkit';
import { expect, it } from 'vitest';
import { answerOf, attribute, attributes, needed, waitFor } from './answer.ts';
import { commandPid, openGate, startGated, startJob, supervisorPid } from './job.ts';
import { isRunning, OWN_MOUNTS, run, shell } from './program.ts';

it('answers KV_WARM at the cap, and its printed command answers with the result', async () => {
  const world = temporaryWorld();
  const id = await startGated(world, 'echo built; exit 3');
  const warm = await waitFor([id, '--cap', '300ms'], { world });
  expect(warm.code).toBe(0);
  expect(attributes(warm.status, 'status', 'action', 'cap', 'cap_source', 'full_cmd')).toEqual({
    status: 'alive',
    action: 're-wait',
    cap: '300ms',
    cap_source: 'flag',
    full_cmd: undefined,
  });
  openGate(world);
  const done = answerOf(await shell(needed(warm.status, 'cmd'), { world }));
  expect(done.code).toBe(3);
  expect(attributes(done.result, 'status', 'session_exit', 'summary')).toEqual({
    status: 'failure',
    session_exit: '3',
    summary: 'built',
  });
});

it('says on the line before KV_WARM that the exit is healthy', async () => {
  const world = temporaryWorld();
  const { stdout } = await waitFor([await startGated(world), '--cap', '0'], { world });
  expect(stdout).toMatch(
    /^<!-- CSA:CALLER_HINT action="retry_wait" rule="exit 0 is healthy: [^"]+" -->\n<!-- CSA:SESSION_WAIT_KV_WARM [^\n]+\n$/,
  );
});

it('names the survivor of a killed supervisor at once, and the printed stop command ends it', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const survivor = await commandPid(world, id);
  const waiter = csa(['session', 'wait', id, '--cap', '60s'], { world });
  await until(() => statSync(join('/proc', String(waiter.pid))), 'the waiter');
  process.kill(supervisorPid(world, id), 'SIGKILL');
  for (const answer of [answerOf(await waiter.ended), await waitFor([id, '--cap', '60s'], { world })]) {
    expect(answer.code).toBe(124);
    expect(answer.status.name).toBe('SESSION_WAIT_TIMEOUT');
    expect(attributes(answer.status, 'status', 'survivor')).toEqual({ status: 'dead', survivor: String(survivor) });
    expect(Number.parseInt(needed(answer.status, 'elapsed'), 10)).toBeLessThanOrEqual(3);
  }
  const { status } = await waitFor([id, '--cap', '0'], { world });
  const stopped = await shell(needed(status, 'stop_cmd'), { world });
  expect(stopped.code, stopped.stderr).toBe(0);
  await until(() => !isRunning(survivor), 'the survivor to be ended');
  const after = await waitFor([id, '--cap', '60s'], { world });
  expect(attributes(after.status, 'survivor', 'stop_cmd')).toEqual({ survivor: undefined, stop_cmd: undefined });
});

it('notices within the cap that the supervisor is stopped', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  process.kill(supervisorPid(world, id), 'SIGSTOP');
  const { code, status } = await waitFor([id, '--cap', '300ms'], { world });
  expect(code).toBe(0);
  expect(attributes(status, 'status', 'stalled')).toEqual({ status: 'alive', stalled: 'true' });
});

it('gives twenty waiters the same answer', async () => {
  const world = temporaryWorld();
  const id = await startGated(world, 'exit 5');
  const waiters = Array.from({ length: 20 }, () =>
    csa(['session', 'wait', id, '--cap', '60s', '--verbose'], { world }),
  );
  openGate(world);
  const answers = (await Promise.all(waiters.map(({ ended }) => ended))).map(answerOf);
  expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([5]));
  expect(new Set(answers.map(({ status }) => attribute(status, 'exit')))).toEqual(new Set(['5']));
});

it('works on a directory that cannot be written, alive and finished', async () => {
  const world = temporaryWorld();
  const id = await startGated(world, 'exit 6');
  const directory = sessionDirectory(world, id);
  const readOnly = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"`;
  const wait = [testNode(), builtCsa, 'session', 'wait', id, '--cap', '200ms'];
  const argv = [...OWN_MOUNTS, 'sh', '-c', readOnly, 'sh', directory, ...wait] as const;
  const alive = answerOf(await run([...argv] as [string, ...string[]], { world }));
  expect([alive.code, alive.status.name]).toEqual([0, 'SESSION_WAIT_KV_WARM']);
  openGate(world);
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(6);
  const before = hashTree(directory);
  const finished = answerOf(await run([...argv] as [string, ...string[]], { world }));
  expect([finished.code, finished.status.name]).toEqual([6, 'SESSION_WAIT_COMPLETED']);
  expect(hashTree(directory)).toBe(before);
});

it('is not slowed down by 50 MB of log', async () => {
  const world = temporaryWorld();
  const id = await startJob(['sh', '-c', 'head -c 50000000 /dev/zero | tr "\\0" x; echo; echo done'], { world });
  const { code, result } = await waitFor([id, '--cap', '60s'], { world });
  expect(code).toBe(0);
  expect(statSync(join(sessionDirectory(world, id), 'stdout.log')).size).toBe(50_000_006);
  expect(attribute(result, 'summary')).toBe('done');
});

it('answers a wait that begins after the end at once', async () => {
  const world = temporaryWorld();
  const id = await startJob(['true'], { world });
  await waitFor([id, '--cap', '60s'], { world });
  const { code, status } = await waitFor([id, '--until-done'], { world });
  expect(code).toBe(0);
  expect(attributes(status, 'status', 'elapsed')).toEqual({ status: 'success', elapsed: '0s' });
});
