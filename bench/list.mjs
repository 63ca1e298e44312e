// What a list costs among many sessions, against floors measured in the same run. Linux only; build first.
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

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const csa = join(root, 'packages/cli/bin/csa.js');
const bare = join(root, 'bench/floors/bare.mjs');
const sessions = Number(process.argv[2] ?? 10_000);
const runs = Number(process.argv[3] ?? 7);
const world = mkdtempSync(join(realpathSync(tmpdir()), 'csa-bench-'));
const project = join(world, 'project');
mkdirSync(project);
const env = { PATH: process.env.PATH, HOME: world, XDG_STATE_HOME: join(world, 'state') };
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function run(args) {
  return spawnSync(process.execPath, args, { cwd: project, env, encoding: 'utf8', maxBuffer: 1 << 30 });
}

/** An id of that time, in milliseconds since the epoch. */
function idAt(time) {
  let id = '';
  for (let rest = time, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) id = ALPHABET.charAt(rest % 32) + id;
  return id + Array.from({ length: 16 }, () => ALPHABET.charAt(Math.floor(Math.random() * 32))).join('');
}

/** Copies of one finished session, a minute apart, each with a lifeline of its own. */
function makeWorld() {
  const id = run([csa, 'session', 'start', '--', 'echo', 'text']).stdout.trim();
  run([csa, 'session', 'wait', id]);
  const parent = join(env.XDG_STATE_HOME, 'cli-sub-agent', project.slice(1), 'sessions');
  const original = join(parent, id);
  const names = readdirSync(original, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? entry.name : []));
  const files = names.map((name) => [name, readFileSync(join(original, name), 'utf8')]);
  const copies = Array.from({ length: sessions - 1 }, (_, i) => idAt(Date.now() - (i + 1) * 60_000));
  for (const copy of copies) {
    mkdirSync(join(parent, copy), { mode: 0o700 });
    for (const [name, text] of files) writeFileSync(join(parent, copy, name), text.replaceAll(id, copy));
  }
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

function row(name, args, floor) {
  const times = Array.from({ length: runs }, () => {
    const before = performance.now();
    run(args);
    return performance.now() - before;
  }).sort((a, b) => a - b);
  const median = times[Math.floor(runs / 2)];
  const ratio = floor === undefined ? '' : `  ${(median / floor).toFixed(2)} x floor`;
  console.log(
    `${name.padEnd(44)} median ${median.toFixed(0).padStart(6)} ms  best ${times[0].toFixed(0).padStart(6)} ms${ratio}`,
  );
  return median;
}

try {
  const parent = makeWorld();
  console.log(`${sessions} sessions, ${runs} runs each, Node ${process.versions.node}\n`);
  const floor = row('floor: bare node', [bare]);
  row('floor: bare node that reads their names', ['-e', `fs.readdirSync(${JSON.stringify(parent)})`], floor);
  row('csa --version', [csa, '--version'], floor);
  const list = (name, ...flags) => row(name, [csa, 'session', 'list', ...flags], floor);
  list('list --limit 50', '--limit', '50');
  list('list (and all that are alive)');
  list('list --json', '--json');
  list('list --since 1h', '--since', '1h');
  list('list --state alive', '--state', 'alive');
  list('list --state dead', '--state', 'dead');
  list('list --state failed', '--state', 'failed');
  list('list --label x=y', '--label', 'x=y');
  list('list --limit all', '--limit', 'all');
  list('list --limit all --json', '--limit', 'all', '--json');
} finally {
  rmSync(world, { recursive: true, force: true });
}
