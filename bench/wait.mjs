// How fast a wait answers, against floors measured in the same run. Linux only; build first.
//   npm run bench [-- RUNS]
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const csa = join(root, 'packages/cli/bin/csa.js');
const floors = join(root, 'bench/floors');
const runs = Number(process.argv[2] ?? 20);
const world = mkdtempSync(join(realpathSync(tmpdir()), 'csa-bench-'));
const project = join(world, 'project');
mkdirSync(project);
const env = { PATH: process.env.PATH, HOME: world, XDG_STATE_HOME: join(world, 'state') };

/** Starts a session that lasts until it is stopped. */
function startSession() {
  const options = { cwd: project, env, encoding: 'utf8' };
  const started = spawnSync(process.execPath, [csa, 'session', 'start', '--', 'sleep', '600'], options);
  const directory = / dir=(\S+)/.exec(started.stderr)[1];
  return { id: started.stdout.trim(), pid: Number(/ pid=(\d+)/.exec(started.stderr)[1]), directory };
}

/** Whether a process has an inotify instance and a FIFO open: it waits. */
function isWaiting(pid) {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return '';
      }
    });
    return links.some((link) => link.includes('inotify')) && links.some((link) => link.endsWith('/lifeline'));
  } catch {
    return false;
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function untilWaiting(pid) {
  while (!isWaiting(pid)) await sleep(5);
  // Let the first look be over: what is measured begins with a waiter at rest.
  await sleep(50);
}

function waiter(args) {
  const child = spawn(process.execPath, args, { cwd: project, env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', () => resolve(performance.now())));
  return { pid: child.pid, ended };
}

/** Publishes a result the way a supervisor does, and tells when the name appeared. */
async function publish(directory) {
  const { openNamedDirectory, publishResult } = await import(join(root, 'packages/session/dist/index.js'));
  const now = new Date().toISOString();
  const result = { status: 'success', exitCode: 0, summary: '', tool: 'bench', startedAt: now, completedAt: now };
  const session = openNamedDirectory(directory);
  const before = performance.now();
  publishResult(session, result);
  return before;
}

async function wokenBy(waiterArgs, wake) {
  const times = [];
  for (let i = 0; i < runs; i += 1) {
    const session = startSession();
    const { pid, ended } = waiter(waiterArgs(session));
    await untilWaiting(pid);
    const at = await wake(session);
    times.push((await ended) - at);
    spawnSync(process.execPath, [csa, 'session', 'stop', session.id, '--signal', 'KILL'], { cwd: project, env });
  }
  return times;
}

function startup(args) {
  return Array.from({ length: runs }, () => {
    const before = performance.now();
    spawnSync(process.execPath, args, { cwd: project, env, stdio: 'ignore' });
    return performance.now() - before;
  });
}

async function idleCpu() {
  const session = startSession();
  const { pid, ended } = waiter([csa, 'session', 'wait', session.id, '--until-done']);
  await untilWaiting(pid);
  const ticks = () =>
    readFileSync(`/proc/${pid}/stat`, 'latin1')
      .split(') ')[1]
      .split(' ')
      .slice(11, 13)
      .reduce((sum, text) => sum + Number(text), 0);
  const switches = () =>
    Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  const before = [ticks(), switches()];
  await sleep(20_000);
  const after = [ticks(), switches()];
  spawnSync(process.execPath, [csa, 'session', 'stop', session.id], { cwd: project, env });
  await ended;
  return { cpuMs: (after[0] - before[0]) * 10, wakeUps: after[1] - before[1] };
}

function row(name, times, floor) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const ratio = floor === undefined ? '' : `  ${(at(0.5) / floor).toFixed(2)} x floor`;
  console.log(
    `${name.padEnd(46)} median ${at(0.5).toFixed(1).padStart(7)} ms  p95 ${at(0.95).toFixed(1).padStart(7)} ms${ratio}`,
  );
  return at(0.5);
}

try {
  console.log(`${runs} runs each, Node ${process.versions.node}\n`);
  const bare = row('start: bare node', startup([join(floors, 'bare.mjs')]));
  row('start: csa --version', startup([csa, '--version']), bare);
  const finished = startSession();
  spawnSync(process.execPath, [csa, 'session', 'stop', finished.id, '--signal', 'KILL'], { cwd: project, env });
  row('wait on a finished session, to exit', startup([csa, 'session', 'wait', finished.id]), bare);
  row('session start, to exit', startup([csa, 'session', 'start', '--', 'true']), bare);

  const kill = (session) => {
    process.kill(session.pid, 'SIGKILL');
    return performance.now();
  };
  const publishInto = (session) => publish(session.directory);
  const floorArgs = (session) => [join(floors, 'wake.mjs'), session.directory];
  const waitArgs = (session) => [csa, 'session', 'wait', session.id, '--until-done'];
  const resultFloor = row('floor: result to exit, fs.watch alone', await wokenBy(floorArgs, publishInto));
  row('result to the waiter’s exit', await wokenBy(waitArgs, publishInto), resultFloor);
  const killFloor = row('floor: SIGKILL to exit, FIFO alone', await wokenBy(floorArgs, kill));
  row('SIGKILL of the supervisor to the waiter’s exit', await wokenBy(waitArgs, kill), killFloor);
  const idle = await idleCpu();
  console.log(`idle for 20 s: ${idle.cpuMs} ms CPU, ${idle.wakeUps} wake-ups`);
} finally {
  rmSync(world, { recursive: true, force: true });
}
