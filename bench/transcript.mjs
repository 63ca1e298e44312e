// What a report over transcripts costs when it reads them for the first time, again, and after one of them has grown:
// CPU, wall and memory, as ratios to the first reading. Linux only; build first.
//   node bench/transcript.mjs [TRANSCRIPTS [MEGABYTES [RUNS]]]
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const csa = join(root, 'packages/cli/bin/csa.js');
const usage = join(root, 'bench/floors/usage.cjs');
const transcripts = Number(process.argv[2] ?? 200);
const bytesEach = (Number(process.argv[3] ?? 200) * 1024 * 1024) / transcripts;
const runs = Number(process.argv[4] ?? 5);
const world = mkdtempSync(join(realpathSync(tmpdir()), 'csa-bench-'));
const env = { PATH: process.env.PATH, HOME: world, XDG_STATE_HOME: join(world, 'state') };
const folder = join(world, '.claude/projects/-project');

/** A prompt and its answer in two lines, as long together as those of a working agent are in the middle. */
function turn(id, at, lost) {
  const timestamp = new Date(at).toISOString();
  const line = (type, message, uuid, parentUuid) =>
    `${JSON.stringify({ parentUuid, isSidechain: false, type, message, uuid, timestamp })}\n`;
  const read = lost ? 15_000 : 80_000;
  const counts = { input_tokens: 4, cache_read_input_tokens: read, cache_creation_input_tokens: 80_500 - read };
  const answer = { id, model: 'claude-sonnet-4-5', usage: { ...counts, output_tokens: 300 } };
  return (
    line('user', { role: 'user', content: 'x'.repeat(5_000) }, `u${id}`, null) +
    line('assistant', { ...answer, content: 'y'.repeat(400) }, `a${id}`, `u${id}`) +
    line('assistant', { ...answer, content: 'z'.repeat(400) }, `b${id}`, `a${id}`)
  );
}

/** Turns half a minute apart, with a pause of an hour after every fiftieth. */
function* turnsOf(name, bytes) {
  let at = Date.now() - 5 * 86_400_000;
  for (let size = 0, i = 0; size < bytes; i += 1) {
    const isPause = i % 50 === 49;
    at += isPause ? 3_600_000 : 30_000;
    const text = turn(`msg_${name}_${i}`, at, isPause);
    size += text.length;
    yield text;
  }
}

function measure(words) {
  const before = performance.now();
  const options = { cwd: world, env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], maxBuffer: 1 << 30 };
  const { output, status } = spawnSync(process.execPath, ['--require', usage, csa, ...words], options);
  if (status !== 0) throw new Error(String(output[2]));
  return { ...JSON.parse(output[3]), wallMs: performance.now() - before };
}

function middle(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

const report = ['session', 'warm', 'report', '--json'];

function row(name, prepare, first) {
  const measured = Array.from({ length: runs }, () => {
    prepare();
    return measure(report);
  });
  const of = (key) => middle(measured.map((one) => one[key]));
  const [cpuMs, wallMs, rssMb] = [of('cpuMs'), of('wallMs'), Math.max(...measured.map((one) => one.rssMb))];
  const ratio = first === undefined ? '' : `  1/${(first / cpuMs).toFixed(1)} of the first reading`;
  console.log(
    `${name.padEnd(36)} cpu ${cpuMs.toFixed(0).padStart(6)} ms  wall ${wallMs.toFixed(0).padStart(6)} ms  rss ${rssMb.toFixed(0).padStart(4)} MB${ratio}`,
  );
  return cpuMs;
}

try {
  mkdirSync(folder, { recursive: true });
  for (let i = 0; i < transcripts; i += 1) {
    writeFileSync(join(folder, `${i}.jsonl`), [...turnsOf(i, bytesEach)].join(''));
  }
  const grown = join(folder, '0.jsonl');
  const megabytes = (statSync(grown).size * transcripts) / 1024 / 1024;
  console.log(
    `${transcripts} transcripts, ${megabytes.toFixed(0)} MB, ${runs} runs, Node ${process.versions.node}: medians`,
  );
  const forget = () => rmSync(join(env.XDG_STATE_HOME, 'cli-sub-agent/.warm'), { recursive: true, force: true });
  const first = row('for the first time', forget);
  row('again', () => {}, first);
  let appended = 0;
  row(
    'after one of them has grown',
    () => {
      appended += 1;
      appendFileSync(grown, turn(`msg_more_${appended}`, Date.now(), false));
    },
    first,
  );
  rmSync(folder, { recursive: true });
  row('no transcripts at all', () => {}, first);
} finally {
  rmSync(world, { recursive: true, force: true });
}
