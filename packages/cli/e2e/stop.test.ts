import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { runCsa, sessionDirectory, temporaryWorld, until, type World } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { attribute, attributes, waitFor } from './answer.ts';
import { commandPid, openGate, sessionFile, startGated, startJob, supervisorPid } from './job.ts';
import { isRunning } from './program.ts';

function stop(world: World, id: string, ...flags: string[]) {
  return runCsa(['session', 'stop', id, ...flags], { world });
}

it('ends the command and returns when the record, with who asked and why, is there', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const command = await commandPid(world, id);
  const { code, stdout, stderr } = await stop(world, id, '--reason', 'wrong branch');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(id);
  expect(isRunning(command)).toBe(false);
  const { code: exit, status, result } = await waitFor([id, '--cap', '0'], { world });
  expect(exit).toBe(143);
  expect(attributes(status, 'status', 'signal')).toEqual({ status: 'signal', signal: 'SIGTERM' });
  expect(attribute(result, 'reason')).toBe('stopped');
  expect(attribute(result, 'summary')).toMatch(/^stopped by .*wrong branch/);
  expect(sessionFile(world, id, 'stop-request.toml')).toMatch(/wrong branch[\s\S]*SIGTERM|SIGTERM[\s\S]*wrong branch/);
});

it('kills a command that does not end within the grace, with all of its process group', async () => {
  const world = temporaryWorld();
  const stubborn = `trap '' TERM INT; sh -c "trap '' TERM; until [ -e go ]; do sleep 0.05; done" & echo $! >child; wait; ${'until [ -e go ]; do sleep 0.05; done'}`;
  const id = await startJob(['sh', '-c', stubborn], { world });
  const command = await commandPid(world, id);
  const child = await until(() => Number(readIfThere(join(world.project, 'child'))), 'the child');
  expect((await stop(world, id, '--grace', '200ms')).code).toBe(0);
  await until(() => !isRunning(command) && !isRunning(child), 'both to be gone');
  const { code, status } = await waitFor([id, '--cap', '0'], { world });
  expect(code).toBe(137);
  expect(attributes(status, 'status', 'signal')).toEqual({ status: 'signal', signal: 'SIGKILL' });
});

it('sends the signal that was asked for', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  await commandPid(world, id);
  expect((await stop(world, id, '--signal', 'INT')).code).toBe(0);
  expect((await waitFor([id, '--cap', '0'], { world })).code).toBe(130);
});

it('leaves a session that has finished as it is, and says so', async () => {
  const world = temporaryWorld();
  const id = await startJob(['sh', '-c', 'exit 3'], { world });
  expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(3);
  const before = sessionFile(world, id, 'result.toml');
  const { code, stdout } = await stop(world, id, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ session: id, status: 'failure', exit: 3 });
  expect(sessionFile(world, id, 'result.toml')).toBe(before);
});

it('may be asked twice at once', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const both = await Promise.all([stop(world, id), stop(world, id)]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect((await waitFor([id, '--cap', '0'], { world })).code).toBe(143);
});

it('continues and ends a session whose supervisor is stopped', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const command = await commandPid(world, id);
  process.kill(supervisorPid(world, id), 'SIGSTOP');
  expect((await stop(world, id)).code).toBe(0);
  expect(isRunning(command)).toBe(false);
});

describe('never signals what it cannot prove', () => {
  /** A process that belongs to nobody's session. */
  function bystander(): number {
    const child = spawn('sleep', ['600'], { stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    if (child.pid === undefined) throw new Error('sleep could not be started');
    return child.pid;
  }

  it.each<[title: string, record: (pid: number, real: string[]) => string, reason: string | undefined]>([
    ['a bare process id', (pid) => `${pid}\n`, undefined],
    ['a process with other start ticks', (pid, real) => [pid, 1, ...real.slice(2, 5)].join(' '), undefined],
    [
      'a process of another machine',
      (pid, real) => [pid, 1, real[2], 'f'.repeat(32), real[4]].join(' '),
      'unknown-liveness',
    ],
    [
      'a process of another pid namespace',
      (pid, real) => [pid, 1, real[2], real[3], '1'].join(' '),
      'unknown-liveness',
    ],
    ['process 1', () => '1\n', undefined],
    ['process 0', () => '0 0\n', undefined],
    ['a negative process', (pid) => `-${pid}\n`, 'unknown-liveness'],
    ['no record that can be read', () => '', 'unknown-liveness'],
  ])('%s', async (_title, record, reason) => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const pid = bystander();
    const command = await commandPid(world, id);
    const supervisor = supervisorPid(world, id);
    const path = join(sessionDirectory(world, id), 'daemon.pid');
    const real = readFileSync(path, 'utf8').trim().split(' ');
    writeFileSync(path, record(pid, real));
    // Were it taken for dead, the command would be ended as a survivor: also that is another's.
    writeFileSync(join(sessionDirectory(world, id), 'command.pid'), `${pid} 1 ${real[2]}\n`);
    const { code, stdout, stderr } = await stop(world, id, '--grace', '0');
    expect(isRunning(pid), 'the bystander lives').toBe(true);
    if (reason === undefined) return;
    expect(isRunning(supervisor)).toBe(true);
    expect([code, stdout]).toEqual([125, '']);
    expect(attribute(parseMarkers(stderr).at(-1), 'reason')).toBe(reason);
    expect(isRunning(command)).toBe(true);
    openGate(world);
  });
});

it.each([
  [['--signal', 'FOO'], 'bad-signal'],
  [['--signal', 'STOP'], 'bad-signal'],
  [['--grace', 'soon'], 'bad-duration'],
  [['--all'], 'usage'],
  [['no id'], 'invalid-id'],
])('refuses %j and leaves the session alone', async (flags, reason) => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const { code, stdout, stderr } = await stop(world, id, ...flags);
  expect([code, stdout, attribute(parseMarkers(stderr).at(-1), 'reason')]).toEqual([125, '', reason]);
  expect((await waitFor([id, '--cap', '0'], { world })).status.name).toBe('SESSION_WAIT_KV_WARM');
});

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

it.each([
  ['a target that is not there', '01M0F6FRT0BVXME2PE9N4YX1X9', 'alias-missing'],
  ['itself', undefined, 'alias-loop'],
])('stops nothing of a session that stands for %s, and says why', async (_what, target, reason) => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const alias = `kind = "resume-wrapper"\ntarget_session_id = "${target ?? id}"\ncreated_at = "2026-01-02T03:04:05Z"\n`;
  writeFileSync(join(sessionDirectory(world, id), 'resume-target.toml'), alias);
  const { code, stderr } = await stop(world, id);
  expect(code).toBe(125);
  expect(attribute(parseMarkers(stderr).at(-1), 'reason')).toBe(reason);
  expect(isRunning(await commandPid(world, id))).toBe(true);
});

it('of a session that has finished ends what its command left running', async () => {
  const world = temporaryWorld();
  const id = await startJob(['sh', '-c', 'sleep 600 & echo $! >left; exit 0'], { world });
  expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
  const left = Number(readIfThere(join(world.project, 'left')));
  expect(isRunning(left)).toBe(true);
  const { code, stdout } = await stop(world, id);
  expect([code, stdout.trim()]).toEqual([
    0,
    `${id} had finished already: success, exit 0; ended what was left of it: ${left}`,
  ]);
  expect(isRunning(left)).toBe(false);
  expect((await stop(world, id)).stdout).toBe(`${id} had finished already: success, exit 0\n`);
});

it('ends a command although who asked cannot be recorded: something stands in the place of the record', async () => {
  const world = temporaryWorld();
  const id = await startJob(['sleep', '600'], { world });
  mkdirSync(join(sessionDirectory(world, id), 'stop-request.toml', 'x'), { recursive: true });
  const { code, stdout } = await stop(world, id);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/ stopped: signal, exit 143; who asked .* \((EISDIR|ENOTEMPTY|EEXIST)\)\n$/),
  ]);
});
