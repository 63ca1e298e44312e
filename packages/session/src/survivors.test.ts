import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { identify } from '@csa/liveness';
import { until } from '@csa/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { recordCommand } from './daemon.ts';
import { HOOK_COOKIE, SESSION_COOKIE } from './environment.ts';
import { emptySession } from './sessions.test.fixture.ts';
import { findSurvivors, sweptBearers, sweptHooks } from './survivors.ts';

const hasProc = process.platform === 'linux';

test('a session without a process has no survivors', async () => {
  expect(await findSurvivors(emptySession())).toEqual([]);
});

test('a grandchild in a session of its own is found by the cookie once its parents are gone', async () => {
  const session = emptySession();
  const command = run('setsid sleep 60 & echo $!; exec sleep 60', { [SESSION_COOKIE]: session.id });
  const grandchild = Number(await firstLine(command));
  onTestFinished(() => kill(grandchild));
  await until(() => !hasProc || commandLine(grandchild) === 'sleep 60', 'the grandchild');
  command.kill('SIGKILL');
  await until(() => command.signalCode !== null, 'the end of the command');
  expect(await findSurvivors(session)).toEqual(hasProc ? [grandchild] : []);
});

test('the command is known by its record, also without the cookie, and comes first', async () => {
  const session = emptySession();
  const marked = run('echo; exec sleep 60', { [SESSION_COOKIE]: session.id });
  const command = run('echo; exec sleep 60', {});
  await Promise.all([firstLine(marked), firstLine(command)]);
  const identity = await identify(command.pid ?? 0);
  if (identity === undefined) throw new Error('the command is gone');
  recordCommand(session, identity);
  expect(await findSurvivors(session)).toEqual(hasProc ? [command.pid, marked.pid] : [command.pid]);
});

test('a command that carries the cookie counts once', async () => {
  const session = emptySession();
  const command = run('echo; exec sleep 60', { [SESSION_COOKIE]: session.id });
  await firstLine(command);
  const identity = await identify(command.pid ?? 0);
  if (identity === undefined) throw new Error('the command is gone');
  recordCommand(session, identity);
  expect(await findSurvivors(session)).toEqual([command.pid]);
});

test('a process that has the pid of the command by chance is no survivor', async () => {
  const session = emptySession();
  const identity = await identify(process.pid);
  recordCommand(session, { ...identity, pid: process.pid, startTime: '1' });
  expect(await findSurvivors(session)).toEqual([]);
});

test('a hook bears its session by another cookie than the command, and is no survivor', async () => {
  const [session, other] = [emptySession(), emptySession()];
  const hook = run('echo; exec sleep 60', { [HOOK_COOKIE]: session.id });
  const command = run('echo; exec sleep 60', { [SESSION_COOKIE]: other.id, [HOOK_COOKIE]: session.id });
  await Promise.all([firstLine(hook), firstLine(command)]);
  const byNumber = (pids: readonly number[]): number[] => pids.toSorted((a, b) => a - b);
  const [hooks, bearers] = [sweptHooks(), sweptBearers()];
  expect(byNumber(hooks(session.id))).toEqual(hasProc ? byNumber([hook.pid ?? 0, command.pid ?? 0]) : []);
  expect([hooks(other.id), bearers(session.id), await findSurvivors(session)]).toEqual([[], [], []]);
  expect(bearers(other.id)).toEqual(hasProc ? [command.pid] : []);
});

test('a sweep is made once, when somebody first asks', async () => {
  const session = emptySession();
  const before = sweptBearers();
  const after = sweptBearers();
  expect(before(session.id)).toEqual([]);
  const command = run('echo; exec sleep 60', { [SESSION_COOKIE]: session.id });
  await firstLine(command);
  expect([before(session.id), after(session.id)]).toEqual([[], hasProc ? [command.pid] : []]);
});

function run(script: string, env: NodeJS.ProcessEnv): ChildProcess {
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn('sh', ['-c', script], { env: { PATH: process.env['PATH'], ...env }, stdio: [...stdio] });
  onTestFinished(() => {
    child.kill('SIGKILL');
    child.stdout?.destroy();
  });
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await until(() => text.includes('\n'), 'the first line');
  return text.trim();
}

function commandLine(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
