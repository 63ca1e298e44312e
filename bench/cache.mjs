// What the file cache saves: cold against warm, an append against all of a file, and a scan of more files than it keeps;
// CPU, medians, beside floors measured in the same run: on a busy machine wall means nothing. Build first.
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
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { FileCache } = await import(join(root, 'packages/cache/dist/index.js'));
const { foldTurns } = await import(join(root, 'packages/transcript/dist/index.js'));
const { readState } = await import(join(root, 'packages/session/dist/index.js'));
const runs = Number(process.argv[2] ?? 7);
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

/** Makes of the turns of a transcript what `add` makes of those that were not known before. */
function turnLines(none, add) {
  return {
    begin(from) {
      const fold = foldTurns('claude-code', from?.checkpoint);
      return {
        take: fold.take,
        end(end, torn) {
          const { settled, pending, checkpoint } = fold.end(end, torn);
          const sure = add(from?.sure ?? none, settled);
          return { value: add(sure, pending), state: { checkpoint, sure }, from: checkpoint.offset };
        },
      };
    },
  };
}

const LISTED = turnLines([], (turns, more) => [...turns, ...more]);
const SUMMED = turnLines(0, (sum, more) => more.reduce((all, { tokens }) => all + tokens.read, sum));

function middle(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** CPU in milliseconds, the middle of so many runs; each of them many repetitions of what is too short to be timed. */
function time(work, { prepare = () => {}, times = 1 } = {}) {
  const measured = Array.from({ length: runs }, () => {
    let spent = 0;
    for (let i = 0; i < times; i += 1) {
      prepare();
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      spent += user + system;
    }
    return spent / times / 1_000;
  });
  return middle(measured);
}

function tell(name, ms, than) {
  const time = ms < 1 ? `${(ms * 1_000).toFixed(1).padStart(9)} us` : `${ms.toFixed(1).padStart(9)} ms`;
  console.log(`${name.padEnd(52)} ${time}${than === undefined ? '' : `  ${ratio(than.ms / ms)} ${than.name}`}`);
}

function ratio(factor) {
  if (factor < 1) return `${(1 / factor).toFixed(1)} x`;
  return `1/${factor.toFixed(factor < 10 ? 1 : 0)} of`;
}

function coldAndWarm() {
  const path = join(world, 'transcript.jsonl');
  writeFileSync(path, Array.from({ length: LINES }, (_, i) => line(i)).join(''));
  const parse = (file) =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text).message.usage);
  console.log(`\na transcript of ${LINES} lines, ${(statSync(path).size / 1024 / 1024).toFixed(1)} MB`);
  tell(
    'floor: its bytes are read',
    time(() => readFileSync(path)),
  );
  tell(
    'floor: it is looked at',
    time(() => statSync(path, { bigint: true }), { times: 1_000 }),
  );
  const cache = new FileCache({ read: parse });
  const cold = time(() => cache.getSync(path), { prepare: () => cache.clear() });
  tell('cold', cold);
  tell(
    'warm',
    time(() => cache.getSync(path), { times: 1_000 }),
    { ms: cold, name: 'cold' },
  );
}

function appended() {
  const path = join(world, 'large.jsonl');
  const text = Array.from({ length: Math.ceil(LARGE_BYTES / line(0, 5_000).length) }, (_, i) => line(i, 5_000)).join(
    '',
  );
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
  tell(
    'floor: its bytes are read',
    time(() => readFileSync(path)),
  );
  tell('floor: the last 6 kB are read', time(readEnd, { times: 100 }));
  for (const [what, lines] of [
    ['the sum of its tokens', SUMMED],
    ['a list of its turns', LISTED],
  ]) {
    const cache = new FileCache({ lines });
    const ask = () => cache.getSync(path);
    const whole = { ms: time(ask, { prepare: () => cache.clear() }), name: 'that' };
    tell(`${what}, from all of it`, whole.ms);
    tell(`${what}, from what was added`, time(ask, { prepare: grow, times: 20 }), whole);
  }
}

/** A session that has said what it is. */
function describedSession(i) {
  const directory = join(world, 'sessions', `${i}`);
  mkdirSync(directory, { recursive: true });
  const times = 'created_at = "2026-03-04T05:00:00Z"\nlast_accessed = "2026-03-04T05:00:00Z"\n';
  const state = `meta_session_id = "${i}"\nproject_path = "/work"\n${times}description = "tests"\nphase = "active"\n`;
  writeFileSync(join(directory, 'state.toml'), state);
  return { id: `${i}`, directory, owner: process.getuid() };
}

function scanned() {
  const sessions = Array.from({ length: SESSIONS }, (_, i) => describedSession(i));
  const places = sessions.map(({ directory }) => join(directory, 'state.toml'));
  const each = (work) => () => {
    for (const place of places) work(place);
  };
  const read = (path) => readState({ ...sessions[0], directory: dirname(path) });
  console.log(`\n${SESSIONS} sessions' state.toml`);
  tell('floor: their bytes are read', time(each((path) => readFileSync(path))));
  tell('floor: they are looked at', time(each((path) => statSync(path, { bigint: true }))));
  const without = { ms: time(each(read)), name: 'no cache' };
  tell('no cache', without.ms);
  for (const maxEntries of [SESSIONS, 200]) {
    const cache = new FileCache({ maxEntries, read });
    const scan = each((path) => cache.getSync(path));
    scan();
    tell(`again, ${maxEntries} of them are kept`, time(scan), without);
  }
}

try {
  console.log(`${runs} runs, Node ${process.versions.node}: medians`);
  coldAndWarm();
  appended();
  scanned();
} finally {
  rmSync(world, { recursive: true, force: true });
}
