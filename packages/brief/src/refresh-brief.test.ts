import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Bench, imprint } from './bench.test.fixture.ts';
import { sessionIn } from './contents.test.data.ts';

const MINUTE = 60_000;

function benchWith(...sessions: Parameters<typeof sessionIn>[]): Bench {
  const bench = new Bench();
  for (const session of sessions) bench.source.put(sessionIn(...session));
  return bench;
}

describe('a refresh', () => {
  test('writes what is to be said, and beside it what it was made of', async () => {
    const bench = benchWith(['alive', 1], ['finished', 2]);
    const watermark = await bench.source.watermark();
    const outcome = await bench.refresh();
    expect(outcome).toEqual({ kind: 'written', renderedChars: bench.payload.length, watermark });
    expect(bench.payload).toContain('## Alive: 1');
    expect(bench.sidecar).toEqual({
      schema: 'csa.brief/1',
      watermark,
      rendered_chars: bench.payload.length,
      sha256: createHash('sha256').update(readFileSync(bench.places.payload)).digest('hex'),
      written_at: expect.stringMatching(/^\d{4}-.*Z$/),
      alive: [sessionIn('alive', 1).id],
    });
    expect(readdirSync(bench.places.folder).sort()).toEqual(['.brief', 'brief.md', 'brief.meta.json']);
    expect(bench.source.remembered).toBe(1);
  });

  test.each([0, 0o022, 0o777])('makes what its owner alone may read, whatever the umask: %i', async (umask) => {
    const bench = benchWith(['alive', 1]);
    const before = process.umask(umask);
    try {
      expect(await bench.refreshed()).toBe('written');
    } finally {
      process.umask(before);
    }
    const { folder, workshop } = bench.places;
    const made = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    expect(made).toContain(workshop);
    expect(made.length).toBeGreaterThan(4);
    for (const path of made) {
      const stat = statSync(path);
      expect([path, stat.mode & 0o777]).toEqual([path, stat.isDirectory() ? 0o700 : 0o600]);
    }
  });

  test('of what has not changed reads nothing, and shows by its time alone that somebody has looked', async () => {
    const bench = benchWith(['alive', 1]);
    await bench.refresh();
    const [payload, sidecar] = [imprint(bench.places.payload), bench.sidecar];
    utimesSync(bench.places.sidecar, 1, 1);
    expect(await bench.refreshed()).toBe('no_new_records');
    expect([imprint(bench.places.payload), bench.sidecar, bench.source.read]).toEqual([payload, sidecar, 1]);
    expect(statSync(bench.places.sidecar).mtimeMs).toBeGreaterThan(Date.now() - MINUTE);
  });

  test('of new records that say the same leaves the bytes and their time alone', async () => {
    const bench = benchWith(['alive', 1]);
    await bench.refresh();
    const before = imprint(bench.places.payload);
    bench.source.put(sessionIn('alive', 2));
    bench.source.remove(sessionIn('alive', 2).id);
    expect(await bench.refreshed()).toBe('unchanged-bytes');
    expect(imprint(bench.places.payload)).toEqual(before);
    expect(bench.sidecar.watermark).toEqual(await bench.source.watermark());
    expect(await bench.answer()).toBe('hit');
  });

  test('sees a record that appears today with an old date', async () => {
    const bench = benchWith(['alive', 5]);
    await bench.refresh();
    bench.source.put(sessionIn('finished', 1, { id: '01A', startedAt: 1 }));
    utimesSync(join(bench.source.directory, '01A'), 1, 1);
    expect(await bench.refreshed()).toBe('written');
    expect(bench.payload).toContain('01A');
  });

  test('sees that a session which it called alive is dead, although no name has changed', async () => {
    const bench = benchWith(['alive', 1]);
    await bench.refresh();
    bench.source.put(sessionIn('dead', 1, { id: sessionIn('alive', 1).id }));
    expect(bench.sidecar.watermark).toEqual(await bench.source.watermark());
    expect(await bench.refreshed()).toBe('written');
    expect([bench.payload.includes('## Dead'), bench.sidecar.alive]).toEqual([true, []]);
  });

  test('sees that a heartbeat which it called on was killed, which leaves no trace in any file', async () => {
    const bench = benchWith(['alive', 1]);
    const on = { session: '01KA', caller: 'other:me', state: 'on', until: 1, command: 'csa' } as const;
    bench.source.warming = [on];
    await bench.refresh();
    expect(await bench.answer()).toBe('hit');
    bench.source.warming = [{ ...on, state: 'stopped' }];
    expect(await bench.answer()).toBe('changed');
    expect(await bench.refreshed()).toBe('written');
    expect(bench.payload).toContain('nobody sends requests');
    expect(await bench.refreshed()).toBe('no_new_records');
  });

  test('of records that have just changed is not the last one: a change within the same tick would be hidden', async () => {
    const bench = benchWith(['alive', 1]);
    // Somebody who looks while the clock still shows the time of the change.
    const now = (): number => statSync(bench.source.directory).ctimeMs;
    expect(await bench.refreshed({ now })).toBe('written');
    expect(await bench.answer()).toBe('changed');
    expect(await bench.refreshed()).toBe('unchanged-bytes');
    expect(await bench.refreshed()).toBe('no_new_records');
  });

  test('of a session that cannot be told is not the last one: another look may tell', async () => {
    const bench = benchWith(['alive', 1], ['unknown', 2]);
    expect(await bench.refreshed()).toBe('written');
    expect(await bench.refreshed()).toBe('unchanged-bytes');
    expect(await bench.answer()).toBe('changed');
  });

  test('of which a part could not be read is not the last one: another look may read it', async () => {
    const bench = benchWith(['alive', 1]);
    bench.source.trouble = 'doubtful';
    expect([await bench.refreshed(), await bench.answer()]).toEqual(['written', 'changed']);
    bench.source.trouble = undefined;
    expect([await bench.refreshed(), await bench.answer()]).toEqual(['unchanged-bytes', 'hit']);
  });

  test('of nothing writes nothing, and removes what would go on to say what is no longer so', async () => {
    const bench = benchWith(['alive', 1]);
    await bench.refresh();
    bench.source.remove(sessionIn('alive', 1).id);
    expect(await bench.refreshed()).toBe('empty_render');
    expect(readdirSync(bench.places.folder)).toEqual(['.brief']);
    expect(await bench.refreshed()).toBe('empty_render');
    expect(bench.source.remembered).toBe(3);
  });

  test('looks again where a half is missing, or the halves do not fit, whatever the interval', async () => {
    const { payload, sidecar } = new Bench().places;
    const names = [payload, sidecar].map((path) => path.split('/').at(-1) ?? '');
    const ruins: ((path: string) => void)[] = [
      (path) => rmSync(path),
      (path) => truncateSync(path, 10),
      (path) => writeFileSync(path, ''),
    ];
    for (const name of names) {
      for (const ruin of ruins) {
        const bench = benchWith(['alive', 1]);
        await bench.refresh();
        const before = bench.payload;
        ruin(join(bench.places.folder, name));
        expect(await bench.answer()).toBe('absent');
        expect(await bench.refreshed({ minIntervalMs: MINUTE })).toMatch(/^written$|^unchanged-bytes$/);
        expect([bench.payload, await bench.answer()]).toEqual([before, 'hit']);
      }
    }
  });

  test('removes what writers have left that were killed', async () => {
    const bench = benchWith(['alive', 1]);
    const drafts = ['.brief.md.0123456789ab', '.brief.meta.json.0123456789ab'];
    const others = ['.brief.md.0123', 'brief.md.bak', 'sessions'];
    for (const name of [...drafts, ...others]) writeFileSync(join(bench.places.folder, name), 'x');
    await bench.refresh();
    expect(readdirSync(bench.places.folder).sort()).toEqual(
      [...others, '.brief', 'brief.md', 'brief.meta.json'].sort(),
    );
    const { workshop } = bench.places;
    for (const name of ['.index.json.0123456789ab', '.index.json.x']) writeFileSync(join(workshop, name), 'x');
    bench.source.put(sessionIn('alive', 2));
    await bench.refresh();
    expect(readdirSync(workshop).filter((name) => name.startsWith('.'))).toEqual(['.index.json.x']);
  });
});

describe('the interval', () => {
  test('keeps whoever comes too early out, but nobody who asks by hand', async () => {
    const bench = benchWith(['alive', 1]);
    await bench.refresh({ minIntervalMs: MINUTE });
    bench.source.put(sessionIn('alive', 2));
    for (const trigger of ['reactive', 'periodic'] as const) {
      expect(await bench.refreshed({ trigger, minIntervalMs: MINUTE })).toBe('min_interval_not_elapsed');
    }
    expect(await bench.refreshed({ trigger: 'forced', minIntervalMs: MINUTE })).toBe('written');
  });

  test('holds while the clock is a little behind, and not for a year', async () => {
    const bench = benchWith(['alive', 1]);
    const ahead = (ms: number) => () => Date.now() + ms;
    await bench.refresh({ now: ahead(30_000) });
    expect(await bench.refreshed({ minIntervalMs: MINUTE })).toBe('min_interval_not_elapsed');
    await bench.refresh({ trigger: 'forced', now: ahead(365 * 24 * 60 * MINUTE) });
    rmSync(bench.places.payload);
    await bench.refresh({ now: ahead(365 * 24 * 60 * MINUTE) });
    bench.source.put(sessionIn('alive', 2));
    expect(await bench.refreshed({ minIntervalMs: MINUTE })).toBe('written');
  });
});

describe('a source', () => {
  test('that cannot be looked at is never read blindly', async () => {
    const bench = benchWith(['alive', 1]);
    bench.source.trouble = 'blind';
    for (const trigger of ['reactive', 'periodic', 'forced'] as const) {
      expect(await bench.refreshed({ trigger })).toBe('probe_failed');
    }
    expect(bench.source.read).toBe(0);
  });

  test('that is cold is read when something has happened, or somebody asks, but on no tick', async () => {
    const bench = benchWith(['alive', 1]);
    bench.source.trouble = 'cold';
    expect(await bench.refreshed({ trigger: 'periodic' })).toBe('source_cold');
    expect(await bench.refreshed({ trigger: 'reactive' })).toBe('written');
    bench.source.put(sessionIn('alive', 2));
    expect(await bench.refreshed({ trigger: 'periodic' })).toBe('source_cold');
    expect(await bench.refreshed({ trigger: 'forced' })).toBe('written');
  });

  test('that was cold when it was looked at leaves what every later look finds again', async () => {
    const bench = benchWith(['finished', 1], ['alive', 2]);
    bench.source.trouble = 'cold';
    expect(await bench.refreshed()).toBe('written');
    bench.source.trouble = undefined;
    expect(bench.sidecar.watermark.max_completed_at).not.toBeNull();
    const [cold, warm] = [bench.sidecar.watermark, await bench.source.watermark()];
    expect({ ...cold, sequence: warm.sequence }).toEqual(warm);
  });

  test('that breaks while it is read leaves everything as it is', async () => {
    const bench = benchWith(['alive', 1]);
    await bench.refresh();
    bench.source.put(sessionIn('alive', 2));
    const before = [imprint(bench.places.payload), imprint(bench.places.sidecar)];
    bench.source.trouble = 'broken';
    expect(await bench.refresh()).toEqual({ kind: 'failed', error: expect.any(TypeError) });
    expect([imprint(bench.places.payload), imprint(bench.places.sidecar)]).toEqual(before);
    expect(await bench.refreshed()).toBe('failed');
  });
});

describe('what is told', () => {
  test('is each beginning and each end, with what it was made of', async () => {
    const bench = benchWith(['alive', 1]);
    await bench.refresh({ trigger: 'forced' });
    const every = { schema: 'csa.brief-event/1', at: expect.stringMatching(/Z$/), project: '/some/project' };
    expect(bench.events).toEqual([
      { ...every, trigger: 'forced', event: 'brief_write_started' },
      {
        ...every,
        trigger: 'forced',
        event: 'brief_write_success',
        rendered_chars: bench.payload.length,
        watermark: bench.sidecar.watermark,
        duration_ms: expect.any(Number),
      },
    ]);
  });

  test('is why nothing was written, but on no tick', async () => {
    const bench = benchWith(['alive', 1]);
    await bench.refresh();
    const before = bench.told.length;
    for (const trigger of ['periodic', 'reactive', 'periodic'] as const) await bench.refresh({ trigger });
    bench.source.trouble = 'blind';
    for (const trigger of ['periodic', 'forced'] as const) await bench.refresh({ trigger });
    expect(bench.told.slice(before)).toEqual([
      'brief_write_skipped no_new_records',
      'brief_write_skipped probe_failed',
    ]);
  });

  test('is what failed, in one clean line, also on a tick', async () => {
    const bench = benchWith(['alive', 1]);
    bench.source.trouble = 'broken';
    await bench.refresh({ trigger: 'periodic' });
    expect(bench.events).toEqual([
      {
        schema: 'csa.brief-event/1',
        event: 'brief_write_failed',
        at: expect.any(String),
        trigger: 'periodic',
        project: '/some/project',
        error_type: 'TypeError',
        message: 'what was read makes no sense',
        duration_ms: expect.any(Number),
        severity: 'warning',
      },
    ]);
  });

  test('breaks nothing, whoever hears it', async () => {
    const bench = benchWith(['alive', 1]);
    const tell = (): never => {
      throw new Error('deaf');
    };
    expect(await bench.refreshed({ tell })).toBe('written');
  });
});

describe('a place', () => {
  test.each<[string, (bench: Bench) => void, string]>([
    [
      'where brief.md is a directory',
      ({ places }) => mkdirSync(join(places.payload, 'x'), { recursive: true }),
      'EISDIR',
    ],
    [
      'where the sidecar is a directory',
      ({ places }) => mkdirSync(join(places.sidecar, 'x'), { recursive: true }),
      'EISDIR',
    ],
    ['where the workshop is a file', ({ places }) => writeFileSync(places.workshop, ''), 'EEXIST'],
    ['where the workshop leads nowhere', ({ places }) => symlinkSync('/nowhere/at/all', places.workshop), 'EEXIST'],
    ['that is gone', ({ places }) => rmSync(places.folder, { recursive: true }), 'ENOENT'],
  ])('%s fails, and stays so', async (_, spoil, code) => {
    const bench = benchWith(['alive', 1]);
    spoil(bench);
    const before = readdirSync(bench.root, { recursive: true }).filter((name) => !name.toString().includes('.brief'));
    expect(await bench.refresh()).toMatchObject({ kind: 'failed', error: { code } });
    const after = readdirSync(bench.root, { recursive: true }).filter((name) => !name.toString().includes('.brief'));
    expect(after).toEqual(expect.arrayContaining(before));
    expect(await bench.answer()).toBe('absent');
  });

  test.each<[string, (path: string) => void]>([
    ['a link to another file', (path) => symlinkSync('/etc/hostname', path)],
    ['a link to nowhere', (path) => symlinkSync('nowhere', path)],
    ['another text', (path) => writeFileSync(path, '# obey')],
  ])('that holds %s already is taken over', async (_, plant) => {
    const bench = benchWith(['alive', 1]);
    for (const path of [bench.places.payload, bench.places.sidecar]) plant(path);
    const outside = readFileSync('/etc/hostname');
    expect(await bench.refreshed()).toBe('written');
    expect([await bench.answer(), readFileSync('/etc/hostname')]).toEqual(['hit', outside]);
  });

  test('of a project that has none yet is made for whoever asks by hand', async () => {
    const bench = benchWith(['alive', 1]);
    rmSync(bench.places.folder, { recursive: true });
    expect(await bench.refreshed({ trigger: 'forced' })).toBe('written');
  });
});
