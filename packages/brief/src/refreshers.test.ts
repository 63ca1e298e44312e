import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import { Bench, imprint } from './bench.test.fixture.ts';
import { sessionIn } from './contents.test.data.ts';
import { answersOf, startProgram } from './processes.test.fixture.ts';

const PRELUDE = `
  import { tellingTo } from 'SRC/brief-event.ts';
  import { briefPlaces } from 'SRC/places.ts';
  import { refreshBrief } from 'SRC/refresh-brief.ts';
  import { DirectorySource } from 'SRC/sources.test.fixture.ts';
  const [root, trigger, minIntervalMs] = process.argv.slice(1);
  const places = briefPlaces(root, '/some/project');
  const source = new DirectorySource(root + '/facts');
  const tell = tellingTo(places);
  const refresh = () => refreshBrief(places, source, { trigger, minIntervalMs: Number(minIntervalMs), tell });
  const say = ({ kind, reason, error }) => console.log(JSON.stringify(reason ?? (error ? [kind, error.code ?? error.message] : kind)));`;
const RUN = `${PRELUDE} say(await refresh());`;

interface Refresher {
  readonly child: ChildProcess;
  readonly said: () => string;
}

function benchWithOne(): Bench {
  const bench = new Bench();
  bench.source.put(sessionIn('alive', 1));
  return bench;
}

/** One that stops where it reads, with the lock in its hand, until the source's trouble is over. */
async function gated(bench: Bench): Promise<Refresher> {
  bench.source.trouble = 'gated';
  const child = startProgram({ module: RUN, args: [bench.root, 'reactive', '0'] });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await until(() => text.includes('reading'), 'it to read');
  return { child, said: () => text };
}

function newestLock({ places: { workshop } }: Bench): string {
  const numbers = readdirSync(workshop).map((name) => Number(/^lock\.(\d+)\.json$/.exec(name)?.[1] ?? 0));
  return join(workshop, `lock.${Math.max(...numbers)}.json`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await until(() => child.signalCode === signal, 'its end');
}

describe('of sixteen that refresh at once', () => {
  test('one writes, and each of the others says why it does not', async () => {
    const bench = benchWithOne();
    const programs = Array.from({ length: 16 }, () => ({ module: RUN, args: [bench.root, 'reactive', '60000'] }));
    const said = await answersOf<string>(programs);
    expect(said.filter((word) => word === 'written')).toHaveLength(1);
    expect(said.filter((word) => /^(?:refresh_in_progress|min_interval_not_elapsed)$/.test(word))).toHaveLength(15);
    const told = bench.told.map((line) => line.replace('brief_write_', '')).sort();
    const skips = said.filter((word) => word !== 'written').map((word) => `skipped ${word}`);
    expect(told).toEqual([...skips, 'started', 'success'].sort());
  });

  test('by hand each waits for its turn, and only the first finds something to write', async () => {
    const bench = benchWithOne();
    const { sequence } = await bench.source.watermark();
    await until(() => Date.now() * 1000 > sequence + 50_000, 'the change to be old enough for a look to be believed');
    const programs = Array.from({ length: 16 }, () => ({ module: RUN, args: [bench.root, 'forced', '60000'] }));
    const said = await answersOf<string>(programs);
    expect(said.sort()).toEqual([...Array.from({ length: 15 }, () => 'no_new_records'), 'written']);
  });
});

describe('whoever holds the lock', () => {
  test('and is killed holds it no longer', async () => {
    const bench = benchWithOne();
    const { child } = await gated(bench);
    expect(await bench.refreshed()).toBe('refresh_in_progress');
    await end(child, 'SIGKILL');
    bench.source.trouble = undefined;
    expect(await bench.refreshed()).toBe('written');
    expect(await bench.refreshed()).toMatch(/no_new_records|unchanged-bytes/);
  });

  test('and is stopped holds it', async () => {
    const bench = benchWithOne();
    const { child, said } = await gated(bench);
    child.kill('SIGSTOP');
    bench.source.trouble = undefined;
    for (const trigger of ['reactive', 'periodic'] as const) {
      expect(await bench.refreshed({ trigger })).toBe('refresh_in_progress');
    }
    child.kill('SIGCONT');
    await until(() => said().includes('"written"'), 'it to go on');
  });

  test('and is stopped holds it no longer than a refresh may take, and what it writes later is not believed', async () => {
    const bench = benchWithOne();
    const { child, said } = await gated(bench);
    child.kill('SIGSTOP');
    bench.source.trouble = undefined;
    const lock = newestLock(bench);
    writeFileSync(lock, JSON.stringify({ ...JSON.parse(readFileSync(lock, 'utf8')), until: Date.now() - 1 }));
    bench.source.put(sessionIn('alive', 2));
    expect(await bench.refreshed()).toBe('written');
    // What the stopped one has not read yet it would read as it is by now.
    bench.source.put(sessionIn('alive', 3));
    child.kill('SIGCONT');
    await until(() => said().includes('"written"') || said().includes('"unchanged-bytes"'), 'it to go on');
    expect(await bench.answer()).not.toBe('hit');
    expect(await bench.refreshed()).toMatch(/written|unchanged-bytes/);
    expect([await bench.answer(), bench.payload.includes(sessionIn('alive', 3).id)]).toEqual(['hit', true]);
  });

  test('is waited for by whoever asks by hand', async () => {
    const bench = benchWithOne();
    const { said } = await gated(bench);
    const forced = bench.refreshed({ trigger: 'forced' });
    bench.source.put(sessionIn('alive', 2));
    bench.source.trouble = undefined;
    expect(await forced).toMatch(/written|unchanged-bytes/);
    // It has let go of the lock before it says so.
    await until(() => said().includes('"written"'), 'the first one to say what it did');
    expect(bench.payload).toContain(sessionIn('alive', 2).id);
  });

  test('is not waited for longer than five seconds', async () => {
    const bench = benchWithOne();
    await gated(bench);
    expect(await bench.refreshed({ trigger: 'forced' })).toBe('refresh_in_progress');
  }, 20_000);
});

test('killed at any moment, it leaves the pair of before, the new one, or none that fits; and the next one writes', async () => {
  const bench = benchWithOne();
  await bench.refresh();
  const calls = ['writeSync', 'fsyncSync', 'renameSync', 'linkSync'];
  const dying = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let left = Number(process.argv[4]);
    for (const name of ${JSON.stringify(calls)}) {
      const call = fs[name];
      fs[name] = (...words) => {
        left -= 1;
        if (left === 0) process.kill(process.pid, 'SIGKILL');
        return call(...words);
      };
    }
    syncBuiltinESMExports();
    const { briefPlaces } = await import('SRC/places.ts');
    const { refreshBrief } = await import('SRC/refresh-brief.ts');
    const { DirectorySource } = await import('SRC/sources.test.fixture.ts');
    const source = new DirectorySource(process.argv[1] + '/facts');
    const places = briefPlaces(process.argv[1], '/some/project');
    await refreshBrief(places, source, { trigger: 'reactive', minIntervalMs: 0, now: () => Date.now() + 1000 });`;
  const answers = new Set<string>();
  let survived = false;
  for (let n = 1; !survived; n += 1) {
    bench.source.put(sessionIn('alive', n + 1));
    bench.source.remove(sessionIn('alive', n).id);
    const child = startProgram({ module: dying, args: [bench.root, 'reactive', '0', `${n}`] });
    await until(() => child.signalCode !== null || child.exitCode !== null, 'its end');
    survived = child.signalCode === null;
    answers.add(await bench.answer());
    expect(await bench.refreshed()).toMatch(/^(?:written|unchanged-bytes|no_new_records)$/);
    expect(await bench.answer()).toBe('hit');
    expect(bench.payload).toContain(sessionIn('alive', n + 1).id);
  }
  expect(answers).toEqual(new Set(['changed', 'absent', 'hit']));
  expect(readdirSync(bench.places.folder).sort()).toEqual(['.brief', 'brief.md', 'brief.meta.json']);
  expect(readdirSync(bench.places.workshop).filter((name) => name.startsWith('.'))).toEqual([]);
}, 120_000);

const UNPRIVILEGED =
  process.getuid?.() === 0
    ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search,-fowner', '--inh-caps', '-dac_override']
    : [];
const NAMESPACE = ['unshare', '--user', '--map-root-user', '--mount'];

function works(command: readonly string[]): boolean {
  const [program = '', ...words] = command;
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}

describe('a disk that takes nothing', () => {
  async function refreshedOn(bench: Bench, through: readonly string[]): Promise<unknown> {
    return (await answersOf<unknown>([{ module: RUN, args: [bench.root, 'reactive', '0'], through }]))[0];
  }

  test.runIf(works([...NAMESPACE, 'true']))('being full, leaves what is there, and no debris', async () => {
    const bench = benchWithOne();
    const mount = `mount -t tmpfs -o size=16k tmpfs ${bench.places.folder}; head -c 20000 /dev/zero 2>/dev/null > ${bench.places.folder}/filler; exec "$@"; `;
    const said = await refreshedOn(bench, [...NAMESPACE, 'sh', '-c', mount, 'sh']);
    expect(said).toEqual(['failed', 'ENOSPC']);
  });

  test('of more than so many bytes, fails, tells so, and leaves the pair of before', async () => {
    const bench = benchWithOne();
    await bench.refresh();
    for (let n = 2; n < 30; n += 1) bench.source.put(sessionIn('alive', n));
    const before = [imprint(bench.places.payload), imprint(bench.places.sidecar)];
    // 2 KiB: room for the lock and the events, none for the payload. A write beyond it is EFBIG where SIGXFSZ is ignored.
    const said = await refreshedOn(bench, ['sh', '-c', 'trap \'\' XFSZ; ulimit -f 4; exec "$@"', 'sh']);
    expect(said).toEqual(['failed', 'EFBIG']);
    expect([imprint(bench.places.payload), imprint(bench.places.sidecar)]).toEqual(before);
    expect(bench.events.at(-1)).toMatchObject({
      event: 'brief_write_failed',
      error_type: 'EFBIG',
      severity: 'warning',
    });
    expect(readdirSync(bench.places.folder).sort()).toEqual(['.brief', 'brief.md', 'brief.meta.json']);
  });

  test.runIf(works([...UNPRIVILEGED, 'true']))(
    'of somebody who may not write, fails and leaves all as it is',
    async () => {
      for (const [where, said] of [
        ['folder', ['failed', 'EACCES']],
        ['workshop', ['failed', 'EACCES']],
      ] as const) {
        const bench = benchWithOne();
        mkdirSync(bench.places.workshop, { recursive: true });
        const closed = bench.places[where];
        spawnSync('chmod', ['500', closed]);
        expect([where, await refreshedOn(bench, UNPRIVILEGED)]).toEqual([where, said]);
        expect(readdirSync(bench.places.folder)).toEqual(['.brief']);
      }
    },
  );
});

test('a reader finds a pair that fits, or none, while others write', async () => {
  const bench = benchWithOne();
  const module = `${PRELUDE}
    for (let n = 2; n < 60; n += 1) {
      source.put({ ...${JSON.stringify(sessionIn('alive'))}, id: 'S' + n });
      await refresh();
    }
    console.log('{}');`;
  let isOver = false;
  const written = answersOf([{ module, args: [bench.root, 'reactive', '0'] }]).then(() => {
    isOver = true;
  });
  const answers = new Set<string>();
  while (!isOver) {
    const reading = await bench.read();
    answers.add(reading.kind);
    expect(reading).toHaveProperty('text', expect.stringMatching(/^# csa[\s\S]*\n$/));
    await new Promise(setImmediate);
  }
  await written;
  expect(answers).toContain('live');
  expect(readFileSync(bench.places.payload, 'utf8')).toContain('## Alive: 59');
}, 60_000);

test('a workshop that is a link leads to somebody else’s directory, in which nothing is written', async () => {
  const bench = benchWithOne();
  const elsewhere = join(bench.root, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, bench.places.workshop);
  expect(await bench.refreshed()).toBe('failed');
  expect([readdirSync(elsewhere), await bench.answer()]).toEqual([[], 'absent']);
});

test('the lock of another program’s is no lock, and is not kept for ever', async () => {
  const bench = benchWithOne();
  mkdirSync(bench.places.workshop, { recursive: true });
  writeFileSync(join(bench.places.workshop, 'lock.1.json'), '{"kind":"held","pid":1}');
  expect(await bench.refreshed()).toBe('written');
});
