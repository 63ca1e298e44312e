import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureProcessTree } from '@csa/liveness';
import { findBearers, SESSION_COOKIE, type SessionId } from '@csa/session';
import { temporaryDirectory, until } from '@csa/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { Activity } from './activity.ts';

const WORK = 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done';
/** Sleeps until the gate is opened, and works then. */
const WORKER = `read -r line < gate; ${WORK}; exec sleep 600`;

interface Command {
  readonly activity: Activity;
  readonly warnings: readonly string[];
  readonly directory: string;
}

let count = 0;

/** A session's id that no other test has, in this run or in one beside it. */
function newId(): SessionId {
  count += 1;
  return `01M0F77JH0${String(process.pid).padStart(10, '0')}${String(count).padStart(6, '0')}` as SessionId;
}

/** A command as a supervisor starts it, and what watches it. */
function command(script: string): Command {
  const id = newId();
  const directory = temporaryDirectory();
  execFileSync('mkfifo', [join(directory, 'gate')]);
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => openSync(join(directory, name), 'a')) as [number, number];
  const child = spawn('sh', ['-c', script], {
    cwd: directory,
    env: { ...process.env, [SESSION_COOKIE]: id },
    stdio: ['ignore', stdout, stderr],
    detached: true,
  });
  const leader = pidOf(child);
  onTestFinished(() => {
    // Some have left the group and carry no id: only the tree still knows them.
    const members = measureProcessTree({ leader, extra: findBearers(id) }) ?? [];
    for (const pid of [-leader, ...members.map((member) => member.pid)]) end(pid);
    for (const fd of [stdout, stderr]) closeSync(fd);
  });
  const warnings: string[] = [];
  const activity = new Activity({ id, leader, logs: { stdout, stderr } }, (text) => warnings.push(text));
  return { activity, warnings, directory };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('sh could not be started');
  return pid;
}

function end(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // gone already
  }
}

/** Whatever the start itself has used is seen by now. */
async function settled({ activity }: Command): Promise<void> {
  let quiet = 0;
  await until(() => {
    quiet = activity.look(true) ? 0 : quiet + 1;
    return quiet > 20;
  }, 'a quiet command');
}

test('a command that sleeps does nothing', async () => {
  const asleep = command('sleep 600');
  await settled(asleep);
  expect([asleep.activity.look(false), asleep.activity.look(true)]).toEqual([false, false]);
  expect(asleep.warnings).toEqual([]);
});

test.each(['stdout', 'stderr'])('%s that grows or is cut off is activity, once', async (name) => {
  const asleep = command('sleep 600');
  await settled(asleep);
  const { activity, directory } = asleep;
  appendFileSync(join(directory, name), 'x');
  expect([activity.look(false), activity.look(false)]).toEqual([true, false]);
  truncateSync(join(directory, name));
  expect([activity.look(false), activity.look(false)]).toEqual([true, false]);
});

test.each([
  ['the command itself', WORKER],
  ['a child', `sh -c '${WORKER}' & wait`],
  ['a grandchild in a session of its own', `setsid sh -c '${WORKER}' & wait`],
  ['a grandchild with nothing in its environment', `env -i "PATH=$PATH" setsid sh -c '${WORKER}' & wait`],
  ['an orphan of its group', `(sh -c '${WORKER}' &); exec sleep 600`],
  ['an orphan elsewhere that carries the id', `(setsid sh -c '${WORKER}' &); exec sleep 600`],
])('CPU time of %s is activity', async (_, script) => {
  const worker = command(script);
  await settled(worker);
  expect(worker.activity.look(false)).toBe(false);
  writeFileSync(join(worker.directory, 'gate'), 'work\n');
  await until(() => worker.activity.look(false), 'the work to be seen');
  await settled(worker);
  expect(worker.warnings).toEqual([]);
});

test.each([
  ['a process that has come and gone since the look before', `sh -c '${WORK}'`, false],
  ['a process that has come since', `sh -c '${WORK}; exec sleep 600' & wait`, false],
  ['an orphan that has come since, with the id alone', `(setsid sh -c '${WORK}; exec sleep 600' &)`, true],
])('CPU time of %s is activity', async (_, script, thorough) => {
  const worker = command(`read -r line < gate; ${script}; exec sleep 600`);
  await settled(worker);
  writeFileSync(join(worker.directory, 'gate'), 'begin\n');
  await until(() => worker.activity.look(thorough), 'the work to be seen');
});

test('what cannot be seen counts as activity, and is told once', () => {
  const module = `
    import { openSync } from 'node:fs';
    import { Activity } from '${import.meta.dirname}/activity.ts';
    const warnings = [];
    const watched = { id: '01M0F77JH0BVPHYFAVF40A3GZ5', leader: process.pid, logs: { stdout: 1, stderr: 2 } };
    const activity = new Activity(watched, (text) => warnings.push(text));
    try { for (;;) openSync('/dev/null'); } catch {}
    const looks = [activity.look(false), activity.look(true), activity.look(true)];
    process.stdout.write(JSON.stringify({ looks, warnings }));
    process.exit();`;
  const node = [process.execPath, '--conditions=csa-source', '--no-warnings', '--input-type=module', '-e', module];
  const { stdout } = spawnSync('sh', ['-c', 'ulimit -n 60; exec "$@"', 'sh', ...node], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toEqual({ looks: [true, true, true], warnings: [expect.stringMatching(/EMFILE/)] });
});
