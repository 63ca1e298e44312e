// What `csa session brief --hook` costs beyond the runtime's own start: served from the file, and rendered. Build first.
//   node bench/brief.mjs [RUNS [SESSIONS...]]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { copySession } from './copy-session.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const csa = join(root, 'packages/cli/bin/csa.js');
const runs = Number(process.argv[2] ?? 15);
const sizes = process.argv.length > 3 ? process.argv.slice(3).map(Number) : [100, 10_000];

/** A project with so many finished sessions that nobody has collected, and one that is alive. */
class World {
  constructor() {
    this.directory = mkdtempSync(join(realpathSync(tmpdir()), 'csa-bench-'));
    this.project = join(this.directory, 'project');
    const state = join(this.directory, 'state');
    this.env = { PATH: process.env.PATH, HOME: this.directory, XDG_STATE_HOME: state, CSA_BRIEF: 'off' };
    this.folder = join(state, 'cli-sub-agent', this.project.slice(1));
    mkdirSync(this.project);
  }

  fill(sessions) {
    this.#copy(this.#start('echo', 'text'), sessions);
    this.alive = this.#start('sleep', '600');
  }

  run(args, env = {}) {
    const options = { cwd: this.project, env: { ...this.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 30 };
    const before = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    const ms = performance.now() - before;
    if (status !== 0) throw new Error(`${args.join(' ')}: ${status} ${stderr}`);
    return { ms, stdout, stderr };
  }

  hook() {
    return this.run([csa, 'session', 'brief', '--hook', '--verbose']);
  }

  /** What a refresh has left. */
  forget(...names) {
    for (const name of names) rmSync(join(this.folder, name), { force: true });
  }

  remove() {
    if (this.alive !== undefined) this.run([csa, 'session', 'stop', this.alive]);
    rmSync(this.directory, { recursive: true, maxRetries: 10 });
  }

  #start(...command) {
    return this.run([csa, 'session', 'start', '--', ...command]).stdout.trim();
  }

  /** Copies of one finished session, a minute apart. */
  #copy(id, sessions) {
    this.run([csa, 'session', 'wait', id]);
    copySession(join(this.folder, 'sessions', id), sessions - 1);
  }
}

function middle(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function row(name, measure, floor) {
  measure();
  const ms = middle(Array.from({ length: runs }, () => measure().ms));
  console.log(`${name.padEnd(52)} ${ms.toFixed(1).padStart(7)} ms  + ${(ms - (floor ?? ms)).toFixed(1)} ms`);
  return ms;
}

/** Said by the hook itself: a figure of something else would be none. */
function proven({ ms, stderr }, word) {
  if (!stderr.includes(word)) throw new Error(`expected ${word}, got ${stderr}`);
  return { ms };
}

for (const sessions of sizes) {
  const world = new World();
  try {
    world.fill(sessions);
    console.log(`\n${sessions} finished sessions, ${runs} runs each, Node ${process.versions.node}: medians`);
    const floor = row('floor: node -e 0', () => world.run(['-e', '0']));
    row('csa --version', () => world.run([csa, '--version']), floor);
    world.run([csa, 'session', 'brief', '--refresh']);
    row('brief --hook, from the file', () => proven(world.hook(), 'cache-hit'), floor);
    world.forget('brief.md');
    row('brief --hook, rendered', () => proven(world.hook(), 'absent'), floor);
    world.forget('.brief/index.json');
    row('brief --hook, rendered, of sessions never read', () => proven(world.hook(), 'absent'), floor);
    row('brief --refresh, of nothing new', () => world.run([csa, 'session', 'brief', '--refresh']), floor);
  } finally {
    world.remove();
  }
}
