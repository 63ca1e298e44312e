// What `csa mcp` costs: until it answers, at rest, with many waits at once, and a brief asked for again. Build first.
//   node bench/mcp.mjs [RUNS [WAITS [SECONDS [SESSIONS]]]]
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copySession } from './copy-session.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const csa = join(root, 'packages/cli/bin/csa.js');
const [runs = 15, waits = 50, seconds = 60, sessions = 1_000] = process.argv.slice(2).map(Number);
const TICKS_PER_SECOND = 100;
const OPENING = {
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
};

class World {
  constructor() {
    this.directory = mkdtempSync(join(realpathSync(tmpdir()), 'csa-bench-'));
    this.project = join(this.directory, 'project');
    const state = join(this.directory, 'state');
    this.env = { PATH: process.env.PATH, HOME: this.directory, XDG_STATE_HOME: state, CSA_BRIEF: 'off' };
    this.sessions = join(state, 'cli-sub-agent', this.project.slice(1), 'sessions');
    mkdirSync(this.project);
  }

  run(...words) {
    const options = { cwd: this.project, env: this.env, encoding: 'utf8' };
    const { status, stdout, stderr } = spawnSync(process.execPath, [csa, 'session', ...words], options);
    if (status !== 0) throw new Error(`${words.join(' ')}: ${status} ${stderr}`);
    return stdout.trim();
  }

  fill(count) {
    const id = this.run('start', '--', 'echo', 'text');
    this.run('wait', id);
    copySession(join(this.sessions, id), count);
  }
}

/** One server, and its answers by their ids. */
class Server {
  constructor(world) {
    const options = { cwd: world.project, env: world.env, stdio: ['pipe', 'pipe', 'inherit'] };
    this.child = spawn(process.execPath, [csa, 'mcp'], options);
    this.notifications = 0;
    this.waiting = new Map();
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const { id, result } = JSON.parse(line);
      if (id === undefined) this.notifications += 1;
      else this.waiting.get(id)?.(result);
    });
  }

  ask(id, { method, params }) {
    const answered = new Promise((resolve) => this.waiting.set(id, resolve));
    this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answered;
  }

  call(id, name, args = {}, meta = {}) {
    return this.ask(id, { method: 'tools/call', params: { name, arguments: args, _meta: meta } });
  }

  get residentMb() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1_024;
  }

  /** Of the processor, in seconds. */
  get usedSeconds() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  end() {
    this.child.stdin.end();
    return new Promise((resolve) => this.child.once('close', resolve));
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const say = (what, value) => console.log(`${what.padEnd(54)} ${value}`);

async function measureStart(world) {
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const before = performance.now();
    const server = new Server(world);
    await server.ask('open', OPENING);
    times.push(performance.now() - before);
    await server.end();
  }
  say('from its start until initialize is answered, median', `${median(times).toFixed(0)} ms`);
}

async function measureWaits(world) {
  const ids = Array.from({ length: waits }, () => world.run('start', '--', 'sleep', '600'));
  const server = new Server(world);
  await server.ask('open', OPENING);
  await server.ask('list', { method: 'tools/list' });
  await delay(2_000);
  say('resident, at rest', `${server.residentMb.toFixed(0)} MB`);
  const usedBefore = server.usedSeconds;
  for (const [i, id] of ids.entries()) {
    void server.call(`w${i}`, 'session_wait', { ids: [id], cap: '10m' }, { progressToken: i });
  }
  await delay(seconds * 1_000);
  const used = server.usedSeconds - usedBefore;
  say(`${waits} waits, ${seconds} s: processor`, `${used.toFixed(2)} s (${((100 * used) / seconds).toFixed(1)} %)`);
  say(`${waits} waits: resident`, `${server.residentMb.toFixed(0)} MB`);
  say(`${waits} waits: notifications`, server.notifications);
  const before = performance.now();
  await server.end();
  say(`${waits} waits: from the end of its input to its own`, `${(performance.now() - before).toFixed(0)} ms`);
  world.run('stop', ...ids, '--grace', '0');
}

async function measureBriefs(world) {
  world.fill(sessions);
  const server = new Server(world);
  await server.ask('open', OPENING);
  for (const [i, what] of ['first', 'second', 'third'].entries()) {
    const before = performance.now();
    await server.call(`b${i}`, 'session_brief');
    say(`session_brief of ${sessions} sessions, the ${what}`, `${(performance.now() - before).toFixed(0)} ms`);
  }
  await server.end();
}

const world = new World();
try {
  await measureStart(world);
  await measureWaits(world);
  await measureBriefs(world);
} finally {
  rmSync(world.directory, { recursive: true, maxRetries: 10 });
}
