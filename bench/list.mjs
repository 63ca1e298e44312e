// What it costs to look at many sessions, against floors measured in the same run; CPU, wall and memory, for on a busy
// machine only the first and the last mean anything. Linux only; build first.
//   node bench/list.mjs [SESSIONS [RUNS]]
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { copySession } from './copy-session.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const csa = join(root, 'packages/cli/bin/csa.js');
const bare = join(root, 'bench/floors/bare.mjs');
const usage = join(root, 'bench/floors/usage.cjs');
const sessions = Number(process.argv[2] ?? 10_000);
const runs = Number(process.argv[3] ?? 7);
const world = mkdtempSync(join(realpathSync(tmpdir()), 'csa-bench-'));
const project = join(world, 'project');
mkdirSync(project);
const env = { PATH: process.env.PATH, HOME: world, XDG_STATE_HOME: join(world, 'state') };

function run(args) {
  return spawnSync(process.execPath, args, { cwd: project, env, encoding: 'utf8', maxBuffer: 1 << 30 });
}

/** Copies of one finished session, a minute apart, each with a lifeline of its own. */
function makeWorld() {
  const id = run([csa, 'session', 'start', '--', 'echo', 'text']).stdout.trim();
  run([csa, 'session', 'wait', id]);
  const parent = join(env.XDG_STATE_HOME, 'cli-sub-agent', project.slice(1), 'sessions');
  const original = join(parent, id);
  const copies = copySession(original, sessions - 1);
  for (let at = 0; at < copies.length; at += 500) {
    spawnSync(
      'mkfifo',
      copies.slice(at, at + 500).map((copy) => join(parent, copy, 'lifeline')),
    );
  }
  for (const copy of copies) {
    const { dev, ino } = statSync(join(parent, copy, 'lifeline'), { bigint: true });
    const fields = readFileSync(join(original, 'daemon.pid'), 'utf8').trim().split(' ').with(5, dev).with(6, ino);
    writeFileSync(join(parent, copy, 'daemon.pid'), `${fields.join(' ')}\n`);
  }
  return parent;
}

/** One run: CPU and wall in milliseconds, the largest resident set in MB. */
function measure(args) {
  const before = performance.now();
  const stdio = ['ignore', 'pipe', 'pipe', 'pipe'];
  const options = { cwd: project, env, stdio, maxBuffer: 1 << 30 };
  const { output } = spawnSync(process.execPath, ['--require', usage, ...args], options);
  return { ...JSON.parse(output[3]), wallMs: performance.now() - before };
}

function middle(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function row(name, args, { floor, prepare = () => {} } = {}) {
  const measured = Array.from({ length: runs }, () => {
    prepare();
    return measure(args);
  });
  const cpuMs = middle(measured.map((one) => one.cpuMs));
  const [wallMs, rssMb] = [middle(measured.map((one) => one.wallMs)), Math.max(...measured.map((one) => one.rssMb))];
  const show = (number, unit) => `${number.toFixed(0).padStart(6)} ${unit}`;
  const ratio = floor === undefined ? '' : `${(cpuMs / floor).toFixed(1).padStart(7)} x floor`;
  console.log(
    `${name.padEnd(40)} cpu ${show(cpuMs, 'ms')}  wall ${show(wallMs, 'ms')}  rss ${show(rssMb, 'MB')}${ratio}`,
  );
  return cpuMs;
}

/** As if nobody had ever asked for the project's events. */
function forgetEvents(parent) {
  const directory = dirname(parent);
  for (const name of readdirSync(directory)) if (/^events\..*jsonl$/.test(name)) rmSync(join(directory, name));
}

try {
  const parent = makeWorld();
  console.log(`${sessions} sessions, ${runs} runs each, Node ${process.versions.node}: medians, of memory the most\n`);
  const floor = row('floor: bare node', [bare]);
  row('floor: bare node that reads their names', ['-e', `fs.readdirSync(${JSON.stringify(parent)})`], { floor });
  row('csa --version', [csa, '--version'], { floor });
  const session = (words, prepare) => row(words, [csa, 'session', ...words.split(' ')], { floor, prepare });
  session('list --limit 50');
  session('list');
  session('list --json');
  session('list --since 1h');
  session('list --state alive');
  session('list --state dead');
  session('list --state failed');
  session('list --state success');
  session('list --state unknown');
  session('list --label x=y');
  session('list --limit all');
  session('list --limit all --json');
  session('stop --all');
  session('stop --label x=y');
  session('gc --dry-run');
  session('events --limit 3', () => forgetEvents(parent));
  session('events --limit 3');
} finally {
  rmSync(world, { recursive: true, force: true });
}
