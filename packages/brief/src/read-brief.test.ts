import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Bench, imprint } from './bench.test.fixture.ts';
import { sessionIn } from './contents.test.data.ts';

const HOUR = 3_600_000;

async function benchWithBrief(): Promise<Bench> {
  const bench = new Bench();
  bench.source.put(sessionIn('alive', 1));
  await bench.refresh({ now: () => Date.now() + 1_000 });
  return bench;
}

describe('what is read', () => {
  test('comes from the file where that still is so, and nothing else is read', async () => {
    const bench = await benchWithBrief();
    const writtenAt = Date.parse(bench.sidecar.written_at);
    const before = [bench.source.read, imprint(bench.places.sidecar)];
    expect(await bench.read({ now: writtenAt + 12_345 })).toEqual({
      kind: 'hit',
      text: bench.payload,
      ageMs: 12_345,
      isFuture: false,
    });
    expect([bench.source.read, imprint(bench.places.sidecar)]).toEqual(before);
  });

  test.each<[string, (bench: Bench) => void]>([
    ['a session has come', ({ source }) => source.put(sessionIn('alive', 2))],
    [
      'one has come and gone',
      ({ source }) => [source.put(sessionIn('alive', 2)), source.remove(sessionIn('alive', 2).id)],
    ],
    [
      'one has come with an old date',
      ({ source }) => source.put(sessionIn('finished', 1, { id: '01A', startedAt: 1 })),
    ],
    [
      'one that it calls alive is dead, and no name has changed',
      ({ source }) => source.put(sessionIn('dead', 1, { id: sessionIn('alive', 1).id })),
    ],
  ])('is found out anew once %s', async (_, change) => {
    const bench = await benchWithBrief();
    change(bench);
    const reading = await bench.read();
    expect(reading).toMatchObject({ kind: 'live', why: 'changed', isFuture: false });
    expect(reading).toEqual({ ...reading, text: expect.stringContaining('# csa') });
  });

  test('is nothing where nobody has anything to say, and nothing is made', async () => {
    const bench = new Bench();
    rmSync(bench.places.folder, { recursive: true });
    expect(await bench.read()).toEqual({ kind: 'none', why: 'nothing_to_say' });
    expect(() => imprint(bench.places.folder)).toThrow('ENOENT');
  });

  test('is nothing where it cannot be known, or takes too long', async () => {
    const bench = await benchWithBrief();
    bench.source.put(sessionIn('alive', 2));
    bench.source.trouble = 'broken';
    expect(await bench.read()).toEqual({ kind: 'none', why: 'failed', error: expect.any(TypeError) });
    bench.source.trouble = 'gated';
    expect(await bench.read({ capMs: 20 })).toEqual({ kind: 'none', why: 'too_slow' });
  });

  test('is found out where the records cannot be compared, as far as it can be', async () => {
    const bench = await benchWithBrief();
    bench.source.trouble = 'blind';
    expect(await bench.read()).toMatchObject({ kind: 'live', why: 'changed' });
  });

  test('is not from a file that its reader has no use for', async () => {
    const bench = await benchWithBrief();
    expect(await bench.answer({ suits: (text) => text.includes('csa session wait') })).toBe('hit');
    expect(await bench.answer({ suits: () => false })).toBe('foreign');
  });
});

describe('the age of a file', () => {
  test.each<[string, number, number, string]>([
    ['younger than allowed', HOUR - 1, HOUR, 'hit'],
    ['as old as allowed', HOUR, HOUR, 'stale'],
    ['older', 100 * HOUR, HOUR, 'stale'],
    ['whatever it is, where any age is allowed', 1e6 * HOUR, 0, 'hit'],
    ['of the future: that is none', -HOUR, HOUR, 'hit'],
    ['of a far future', -1e6 * HOUR, 1, 'hit'],
  ])('%s', async (_, ageMs, maxAgeMs, answer) => {
    const bench = await benchWithBrief();
    const now = Date.parse(bench.sidecar.written_at) + ageMs;
    expect(await bench.answer({ now, maxAgeMs })).toBe(answer);
    expect(await bench.read({ now, maxAgeMs })).toMatchObject({ ageMs: Math.max(0, ageMs), isFuture: ageMs < 0 });
  });

  test('does not matter where something has changed', async () => {
    const bench = await benchWithBrief();
    bench.source.put(sessionIn('alive', 2));
    expect(await bench.answer({ now: Date.now() + 100 * HOUR, maxAgeMs: HOUR })).toBe('changed');
  });
});

describe('a file that is no brief of ours is absent:', () => {
  const good = { schema: 'csa.brief/1', rendered_chars: 1, written_at: '2026-01-01T00:00:00Z', alive: [] };
  const watermark = { records_count: 0, max_id: null, max_started_at: null, max_completed_at: null, sequence: 0 };

  test.each<[string, (path: string) => void]>([
    ['gone', (path) => rmSync(path)],
    ['empty', (path) => truncateSync(path, 0)],
    ['torn', (path) => truncateSync(path, 40)],
    ['longer by a line', (path) => writeFileSync(path, `${readFileSync(path, 'utf8')}obey\n`)],
    ['huge', (path) => truncateSync(path, 2 * 1024 * 1024)],
    ['no text', (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0xff]))],
    ['a directory', (path) => [rmSync(path), mkdirSync(path)]],
    ['a FIFO', (path) => [rmSync(path), execFileSync('mkfifo', [path])]],
    ['a link to nowhere', (path) => [rmSync(path), symlinkSync('nowhere', path)]],
    [
      'a link to a good one',
      (path) => [writeFileSync(`${path}.good`, readFileSync(path)), rmSync(path), symlinkSync(`${path}.good`, path)],
    ],
  ])('%s', async (_, spoil) => {
    for (const half of ['payload', 'sidecar'] as const) {
      const bench = await benchWithBrief();
      spoil(bench.places[half]);
      expect([half, await bench.answer()]).toEqual([half, 'absent']);
    }
  });

  test.each<[string, (sidecar: Record<string, unknown>) => unknown]>([
    ['null', () => null],
    ['a list', () => []],
    ['a number', () => 7],
    ['of another schema', (sidecar) => ({ ...sidecar, schema: 'csa.brief/2' })],
    ['without a hash', ({ sha256: _, ...sidecar }) => sidecar],
    ['with another hash', (sidecar) => ({ ...sidecar, sha256: '0'.repeat(64) })],
    ['with a hash that is no text', (sidecar) => ({ ...sidecar, sha256: [sidecar['sha256']] })],
    ['without a time', ({ written_at: _, ...sidecar }) => sidecar],
    ['with a time that is none', (sidecar) => ({ ...sidecar, written_at: 'soon' })],
    ['with a time that is a number', (sidecar) => ({ ...sidecar, written_at: 1 })],
    ['without a watermark', ({ watermark: _, ...sidecar }) => sidecar],
    ['with half a watermark', (sidecar) => ({ ...sidecar, watermark: { records_count: 1 } })],
    ['with a count that is none', (sidecar) => ({ ...sidecar, watermark: { ...watermark, records_count: -1 } })],
    [
      'with a sequence that no double holds',
      (sidecar) => ({ ...sidecar, watermark: { ...watermark, sequence: 1e300 } }),
    ],
    ['with an id that is none', (sidecar) => ({ ...sidecar, watermark: { ...watermark, max_id: 7 } })],
    ['with sessions that are no list', (sidecar) => ({ ...sidecar, alive: { length: 1 } })],
    ['with sessions that are no texts', (sidecar) => ({ ...sidecar, alive: [7] })],
    ['with more sessions than there can be', (sidecar) => ({ ...sidecar, alive: Array(20_000).fill('x') })],
    ['with a count of characters that is none', (sidecar) => ({ ...sidecar, rendered_chars: '7' })],
    ['with nothing of its own', () => good],
  ])('a sidecar %s', async (_, change) => {
    const bench = await benchWithBrief();
    writeFileSync(bench.places.sidecar, JSON.stringify(change({ ...bench.sidecar })));
    expect(await bench.answer()).toBe('absent');
  });

  test('a payload that was written by hand', async () => {
    const bench = await benchWithBrief();
    writeFileSync(bench.places.payload, '# obey\n');
    expect(await bench.answer()).toBe('absent');
  });

  test('both halves, of another project', async () => {
    const [bench, other] = [await benchWithBrief(), await benchWithBrief()];
    for (const half of ['payload', 'sidecar'] as const) {
      writeFileSync(bench.places[half], readFileSync(other.places[half]));
    }
    expect(await bench.answer()).toBe('changed');
  });
});
