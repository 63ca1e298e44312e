// What the file cache saves: cold against warm, an append against all of a file, and a scan of more files than it keeps;
// medians, beside floors measured in the same run. Build first.
//   node bench/cache.mjs [RUNS]
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
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
const { FileCache } = await import(join(root, 'packages/cache/dist/index.js'));
const { foldTurns } = await import(join(root, 'packages/transcript/dist/index.js'));
const { readResult } = await import(join(root, 'packages/session/dist/index.js'));
const runs = Number(process.argv[2] ?? 15);
const world = mkdtempSync(join(realpathSync(tmpdir()), 'csa-bench-'));
const LINES = 10_000;
const LARGE_BYTES = 20 * 1024 * 1024;
const SESSIONS = 10_000;

/** One line of an answer, as long as those of a working agent are in the middle. */
function line(i, length = 400) {
  const usage = { input_tokens: 4, cache_read_input_tokens: 80_000, output_tokens: 300 };
  const message = { id: `msg_${i}`, model: 'claude-sonnet-4-5', content: 'x'.repeat(length), usage };
  return `${JSON.stringify({ type: 'assistant', timestamp: new Date(1.77e12 + i * 1e3).toISOString(), message })}\n`;
}

/** Turns, as a report reads them. */
const turns = {
  begin(from) {
    const fold = foldTurns('claude-code', from?.checkpoint);
    return {
      take: fold.take,
      end(end, torn) {
        const { settled, pending, checkpoint } = fold.end(end, torn);
        const sure = [...(from?.sure ?? []), ...settled];
        return { value: [...sure, ...pending], state: { checkpoint, sure }, from: checkpoint.offset };
      },
    };
  },
};

function middle(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** The middle of so many runs, in milliseconds; one of them may be many repetitions of what is too short to be timed. */
function time(work, { prepare = () => {}, times = 1 } = {}) {
  const measured = Array.from({ length: runs }, () => {
    prepare();
    const before = performance.now();
    for (let i = 0; i < times; i += 1) work();
    return (performance.now() - before) / times;
  });
  return middle(measured);
}

function tell(name, ms, than) {
  const time = ms < 1 ? `${(ms * 1_000).toFixed(1).padStart(9)} us` : `${ms.toFixed(1).padStart(9)} ms`;
  const factor = than === undefined ? 0 : than.ms / ms;
  const digits = factor < 10 ? 1 : 0;
  console.log(`${name.padEnd(52)} ${time}${factor === 0 ? '' : `  1/${factor.toFixed(digits)} of ${than.name}`}`);
}

function coldAndWarm() {
  const path = join(world, 'transcript.jsonl');
  writeFileSync(path, Array.from({ length: LINES }, (_, i) => line(i)).join(''));
  const parse = (file) => readFileSync(file, 'utf8').trimEnd().split('\n').map((text) => JSON.parse(text).message.usage);
  console.log(`\na transcript of ${LINES} lines, ${(statSync(path).size / 1024 / 1024).toFixed(1)} MB`);
  tell('floor: its bytes are read', time(() => readFileSync(path)));
  tell('floor: it is looked at', time(() => statSync(path, { bigint: true }), { times: 1_000 }));
  const cache = new FileCache({ read: parse });
  const cold = time(() => cache.getSync(path), { prepare: () => cache.clear() });
  tell('cold', cold);
  tell('warm', time(() => cache.getSync(path), { times: 1_000 }), { ms: cold, name: 'cold' });
}

function appended() {
  const path = join(world, 'large.jsonl');
  const text = Array.from({ length: Math.ceil(LARGE_BYTES / line(0, 5_000).length) }, (_, i) => line(i, 5_000)).join('');
  writeFileSync(path, text);
  let more = 1e6;
  const grow = () => {
    more += 1;
    appendFileSync(path, line(more, 5_000));
  };
  const readEnd = () => {
    const fd = openSync(path);
    readSync(fd, Buffer.allocUnsafe(6_000), 0, 6_000, statSync(path).size - 6_000);
    closeSync(fd);
  };
  console.log(`\na transcript of ${(text.length / 1024 / 1024).toFixed(0)} MB to which a line of 5 kB is added`);
  tell('floor: its bytes are read', time(() => readFileSync(path)));
  tell('floor: the last 6 kB are read', time(readEnd, { times: 100 }));
  const cache = new FileCache({ lines: turns });
  const whole = time(() => cache.getSync(path), { prepare: () => cache.clear() });
  tell('all of it', whole);
  tell('what was added', time(() => cache.getSync(path), { prepare: grow }), { ms: whole, name: 'all of it' });
}

function scanned() {
  const sessions = Array.from({ length: SESSIONS }, (_, i) => ({ directory: join(world, 'sessions', `${i}`) }));
  const result = 'status = "success"\nexit_code = 0\nsummary = "done"\ntool = "make"\n';
  const times = 'started_at = "2026-03-04T05:00:00Z"\ncompleted_at = "2026-03-04T05:01:00Z"\n';
  for (const { directory } of sessions) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'result.toml'), `[result]\n${result}${times}`);
  }
  const paths = sessions.map(({ directory }) => join(directory, 'result.toml'));
  const scan = (cache) => () => {
    for (const path of paths) cache.getSync(path);
  };
  const caching = (maxEntries) => new FileCache({ maxEntries, read: (path) => readFileSync(path, 'utf8') });
  console.log(`\n${SESSIONS} sessions' records`);
}

try {
  console.log(`${runs} runs, Node ${process.versions.node}: medians`);
  coldAndWarm();
  appended();
  scanned();
} finally {
  rmSync(world, { recursive: true, force: true });
}
