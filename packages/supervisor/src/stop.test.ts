import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommand, readCompletion, readStopRequest } from '@csa/session';
import { temporaryWorld, until } from '@csa/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Started, stop } from './index.ts';
import { gone, printed, resultOf, runs, startShell, stopRequest, supervisorGone } from './started.test.fixture.ts';

const OBEYS = 'echo ready; exec sleep 600';
const HANDLES = 'trap "echo cleaned up; exit 0" TERM INT; echo ready; while :; do sleep 0.05; done';
/** Says each time that it was told, and goes on. */
const SAYS = 'trap "echo told" TERM; echo ready; while :; do sleep 0.05; done';
const IGNORES = 'trap "" TERM INT HUP; echo ready; while :; do sleep 0.05; done';
const GRANDCHILD = 'sleep 600 & echo "ready $!"; wait';

const ready = (started: Started): Promise<RegExpExecArray> => printed(started, /ready ?(\d*)/);

async function startReady(script: string, more: Parameters<typeof startShell>[2] = {}): Promise<Started> {
  const started = await startShell(temporaryWorld(), script, more);
  await ready(started);
  return started;
}

async function commandPid({ session }: Started): Promise<number> {
  const identity = await until(() => {
    const reading = readCommand(session);
    return reading.kind === 'present' ? reading.value : undefined;
  }, 'command.pid');
  return identity.pid;
}

function statusOf(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'utf8');
}

describe('a time limit', () => {
  test.each([
    ['obeys', OBEYS],
    ['ends by itself', HANDLES],
  ])('ends a command that %s by TERM', async (_, script) => {
    const result = await resultOf(await startReady(script, { maxTimeMs: 1_500 }));
    expect(result).toMatchObject({ status: 'timeout', exitCode: 143, reason: 'time-limit' });
    expect(result.summary).toMatch(/^ended at its time limit of 1\.5s/);
  });

  test('kills a command that ignores TERM once its grace is over', async () => {
    const result = await resultOf(await startReady(IGNORES, { maxTimeMs: 300 }));
    expect(result).toMatchObject({ status: 'timeout', exitCode: 137, reason: 'time-limit' });
    expect(Date.parse(result.completedAt) - Date.parse(result.startedAt)).toBeGreaterThanOrEqual(10_000);
  });

  test('stays the recorded cause although a stop then ends the command sooner', async () => {
    const started = await startReady(SAYS, { maxTimeMs: 800 });
    await printed(started, /told/);
    await stop(started.session, stopRequest({ signal: 'SIGKILL', graceMs: 0 }));
    expect(await resultOf(started)).toMatchObject({ status: 'timeout', exitCode: 137, reason: 'time-limit' });
  });
});

describe('a stop', () => {
  test.each([
    ['obeys', OBEYS, {}, { exitCode: 143 }],
    ['ends by itself', HANDLES, {}, { exitCode: 143, summary: 'stopped by alice: a test; last output: cleaned up' }],
    ['is told by INT', HANDLES, { signal: 'SIGINT' }, { exitCode: 130 }],
    ['ignores it, and is killed after the grace', IGNORES, { graceMs: 300 }, { exitCode: 137 }],
    ['is killed without grace', IGNORES, { signal: 'SIGKILL', graceMs: 0 }, { exitCode: 137 }],
    ['stopped itself', 'echo ready; kill -STOP $$; sleep 600', { graceMs: 5_000 }, { exitCode: 143 }],
  ] as const)('ends a command that %s, and who asked is recorded', async (_, script, request, expected) => {
    const started = await startReady(script);
    const asked = stopRequest(request);
    expect(await stop(started.session, asked)).toEqual({ kind: 'supervisor-told' });
    expect(await resultOf(started)).toMatchObject({ status: 'signal', reason: 'stopped', ...expected });
    expect(readStopRequest(started.session)).toEqual({ kind: 'present', value: asked });
    expect(runs(await commandPid(started))).toBe(false);
    await supervisorGone(started);
    expect(readCompletion(started.session)).toMatchObject({ kind: 'present', value: { reason: 'stopped' } });
  });

  test('that is more urgent ends the command while the first one waits; the first one is recorded', async () => {
    const started = await startReady(SAYS);
    await stop(started.session, stopRequest({ by: 'first', graceMs: 600_000 }));
    await printed(started, /told/);
    await stop(started.session, stopRequest({ by: 'second', signal: 'SIGKILL', graceMs: 0 }));
    const result = await resultOf(started);
    expect(result).toMatchObject({ status: 'signal', exitCode: 137, reason: 'stopped' });
    expect(result.summary).toMatch(/^stopped by first/);
  });

  test('that comes again with more patience does not put off the end that was promised', async () => {
    const started = await startReady(SAYS);
    await stop(started.session, stopRequest({ graceMs: 1_500 }));
    await printed(started, /told/);
    await stop(started.session, stopRequest({ by: 'bob', graceMs: 600_000 }));
    expect(await resultOf(started)).toMatchObject({ exitCode: 137, reason: 'stopped' });
  });

  test('ends the whole process group: a grandchild too, also one that ignores TERM', async () => {
    const started = await startReady('(trap "" TERM; exec sleep 600) & echo "ready $!"; wait');
    const [, grandchild] = await ready(started);
    await stop(started.session, stopRequest({ graceMs: 300 }));
    expect(await resultOf(started)).toMatchObject({ reason: 'stopped' });
    expect(runs(Number(grandchild))).toBe(false);
  });

  test('reaches what has left the process group for a session of its own, and kills it when it ignores TERM', async () => {
    const started = await startReady('setsid sh -c \'trap "" TERM; echo "ready $$"; exec sleep 600\' & exec sleep 600');
    const [, stray] = await ready(started);
    await stop(started.session, stopRequest({ graceMs: 300 }));
    const result = await resultOf(started);
    expect(result).toMatchObject({ reason: 'stopped' });
    expect(result.warnings).toBeUndefined();
    expect(runs(Number(stray))).toBe(false);
  });

  test('reaches a daemon that forked twice and left its session, its group and its parent', async () => {
    const daemon = 'setsid sh -c \'sh -c "echo ready \\$\\$; exec sleep 600" & exit\' & exec sleep 600';
    const started = await startReady(daemon);
    const [, stray] = await ready(started);
    await until(() => /^PPid:\s+1$/m.test(statusOf(Number(stray))), 'the daemon to be nobody’s child');
    await stop(started.session, stopRequest({ graceMs: 5_000 }));
    expect((await resultOf(started)).warnings).toBeUndefined();
    expect(runs(Number(stray))).toBe(false);
  });

  test('lets also a stray that is stopped end by itself', async () => {
    const stray = 'trap "echo cleaned up; exit" TERM; echo "ready $$"; kill -STOP $$; while :; do sleep 0.05; done';
    const started = await startReady(`setsid sh -c '${stray}' & exec sleep 600`);
    const [, pid] = await ready(started);
    await until(() => /^State:\s+T/m.test(statusOf(Number(pid))), 'the stray to be stopped');
    await stop(started.session, stopRequest({ graceMs: 60_000 }));
    expect(await resultOf(started)).toMatchObject({
      reason: 'stopped',
      summary: expect.stringContaining('cleaned up'),
    });
    expect(runs(Number(pid))).toBe(false);
  });

  test("leaves what cannot be told from a stranger's process", async () => {
    // A process without the session's id in its environment, in a session of its own, cannot be told from another.
    const started = await startReady('setsid env -i sh -c \'echo "ready $$"; exec sleep 600\' & exec sleep 600');
    const [, stray] = await ready(started);
    onTestFinished(() => void process.kill(Number(stray), 'SIGKILL'));
    await stop(started.session, stopRequest({ graceMs: 300 }));
    expect(await resultOf(started)).toMatchObject({ reason: 'stopped' });
    expect(runs(Number(stray))).toBe(true);
  });

  test('right after the start, when the command may not run yet, is carried out and recorded too', async () => {
    const world = temporaryWorld();
    const results = Array.from({ length: 8 }, async () => {
      const started = await startShell(world, OBEYS);
      await stop(started.session, stopRequest());
      return resultOf(started);
    });
    for (const result of await Promise.all(results)) expect(result).toMatchObject({ exitCode: 143, reason: 'stopped' });
  });

  test('reaches a supervisor that is stopped', async () => {
    const started = await startReady(OBEYS);
    process.kill(started.supervisorPid, 'SIGSTOP');
    await stop(started.session, stopRequest());
    expect(await resultOf(started)).toMatchObject({ status: 'signal', exitCode: 143, reason: 'stopped' });
  });

  test('that is more urgent is heeded also when only others of the process group are left', async () => {
    const started = await startReady('(trap "" TERM; echo "ready $BASHPID"; exec sleep 600) & wait');
    const command = await commandPid(started);
    await stop(started.session, stopRequest({ graceMs: 600_000 }));
    await until(() => !runs(command), 'the command itself to end');
    await stop(started.session, stopRequest({ signal: 'SIGKILL', graceMs: 0 }));
    expect(await resultOf(started)).toMatchObject({ reason: 'stopped' });
  });

  test('that reaches a stopped supervisor after the command has ended leaves the record to the command', async () => {
    const started = await startReady('echo "ready $$"; until [ -e "$CSA_SESSION_DIR/output/go" ]; do :; done; exit 6');
    const [, command] = await ready(started);
    process.kill(started.supervisorPid, 'SIGSTOP');
    writeFileSync(join(started.session.directory, 'output', 'go'), '');
    await until(() => /\) Z/.test(readFileSync(`/proc/${command}/stat`, 'latin1')), 'the command to end');
    await stop(started.session, stopRequest());
    expect(await resultOf(started)).toMatchObject({ status: 'failure', exitCode: 6 });
  });

  test('of a session that is over already finds nothing to end', async () => {
    const started = await startShell(temporaryWorld(), 'true');
    await supervisorGone(started);
    expect(await stop(started.session, stopRequest())).toEqual({ kind: 'survivors-ended', pids: [], left: [] });
    expect(readStopRequest(started.session)).toEqual({ kind: 'absent' });
  });
});

describe('a signal to the supervisor without a request', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the command, and the record says so', async (signal) => {
    const started = await startReady(GRANDCHILD);
    const [, grandchild] = await ready(started);
    process.kill(started.supervisorPid, signal);
    const result = await resultOf(started);
    expect(result).toMatchObject({ status: 'signal', exitCode: 143, reason: 'terminated' });
    expect(result.summary).toContain(`its supervisor got ${signal}`);
    expect(runs(Number(grandchild))).toBe(false);
  });

  test("HUP is ignored: the terminal's end is not the session's", async () => {
    const world = temporaryWorld();
    const started = await startShell(world, 'echo ready; while ! test -e go; do sleep 0.05; done; exit 3');
    await ready(started);
    process.kill(started.supervisorPid, 'SIGHUP');
    writeFileSync(join(world.project, 'go'), '');
    expect(await resultOf(started)).toMatchObject({ status: 'failure', exitCode: 3 });
    await supervisorGone(started);
  });
});

describe('when the supervisor was killed', () => {
  test.each([
    ['obeys', GRANDCHILD, 20_000],
    ['ignores TERM', `${IGNORES.replace('echo ready', 'sleep 600 & echo "ready $!"')}`, 200],
  ])(
    'a command that %s survives, is named by command.pid, and a stop ends it and its group',
    async (_, script, graceMs) => {
      const started = await startReady(script);
      const [, grandchild] = await ready(started);
      const pid = await commandPid(started);
      process.kill(started.supervisorPid, 'SIGKILL');
      await supervisorGone(started);
      expect([runs(pid), runs(Number(grandchild))]).toEqual([true, true]);
      const stopped = await stop(started.session, stopRequest({ graceMs }));
      expect(stopped).toMatchObject({ kind: 'survivors-ended', left: [] });
      expect(stopped.kind === 'survivors-ended' && stopped.pids).toContain(pid);
      expect([runs(pid), runs(Number(grandchild))]).toEqual([false, false]);
    },
  );
});

test('a command that is stopped and has outlived its supervisor may end by itself', async () => {
  const started = await startReady('trap "echo cleaned up; exit" TERM; echo ready; while :; do sleep 0.05; done');
  const pid = await commandPid(started);
  process.kill(started.supervisorPid, 'SIGKILL');
  await supervisorGone(started);
  process.kill(pid, 'SIGSTOP');
  await until(() => /^State:\s+T/m.test(statusOf(pid)), 'the command to be stopped');
  expect(await stop(started.session, stopRequest({ graceMs: 60_000 }))).toMatchObject({ left: [] });
  expect((await printed(started, /cleaned up/))[0]).toBe('cleaned up');
});

test('a supervisor that crashes leaves a record that says so, and no command', async () => {
  const started = await startReady(GRANDCHILD);
  const [, grandchild] = await ready(started);
  const pid = await commandPid(started);
  process.kill(started.supervisorPid, 'SIGUSR2');
  const result = await resultOf(started);
  expect(result).toMatchObject({ status: 'failure', exitCode: 1, reason: 'supervisor-crashed' });
  expect(result.summary).toContain('a bug of the supervisor');
  await Promise.all([pid, Number(grandchild), started.supervisorPid].map(gone));
  expect(readCompletion(started.session)).toMatchObject({ kind: 'present', value: { exitCode: 1 } });
});
