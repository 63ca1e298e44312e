import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { listSessions, type Session, type SessionListing } from '@csa/session';
import { temporaryDirectory, until } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imprint } from './bench.test.fixture.ts';
import { EndedIndex } from './ended-index.ts';
import type { EndedSession } from './ended-session.ts';
import { newestChange } from './sight.ts';

const PROJECT = '/some/project';

/** Sessions on disk, and an index over them. A session has ended once it has a result, whose text is its summary. */
class Sessions {
  readonly root: string = temporaryDirectory();
  readonly workshop: string = join(this.root, 'workshop');
  readonly #primary = join(this.root, 'primary');
  readonly #legacy = join(this.root, 'legacy');
  judged: string[] = [];
  whileJudging: () => void = () => undefined;
  index: EndedIndex = this.opened();

  constructor() {
    mkdirSync(this.workshop);
  }

  /** As the next process has it. */
  opened(): EndedIndex {
    return new EndedIndex(this.workshop, (session) => this.#judge(session));
  }

  get listing(): SessionListing {
    return listSessions({
      project: PROJECT,
      roots: { primary: this.#primary, legacy: this.#legacy, isDefault: false },
    });
  }

  directory(n: number, root = this.#primary): string {
    return join(root, PROJECT, 'sessions', idOf(n));
  }

  add(n: number, result?: string, root?: string): string {
    const directory = this.directory(n, root);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'daemon.pid'), 'pid = 1\n');
    if (result !== undefined) writeFileSync(join(directory, 'result.toml'), result);
    return directory;
  }

  addLegacy(n: number, result: string): string {
    return this.add(n, result, this.#legacy);
  }

  /** Until nothing is so young that a change may hide behind it. */
  async settled(): Promise<void> {
    const all = this.listing.ids.flatMap((id) => this.listing.directoryOf(id) ?? []);
    const newest = newestChange(all.flatMap((path) => [path, `${path}/result.toml`, `${path}/daemon.pid`]));
    await until(() => Date.now() * 1000 > newest + 30_000, 'the newest change to be old enough');
  }

  /** The summaries, and who was asked about what. */
  async look(index: EndedIndex = this.index): Promise<{ ended: string[]; others: string[]; judged: string[] }> {
    this.judged = [];
    const { ended, others } = await index.look(this.listing);
    return { ended: ended.map(({ summary }) => summary ?? ''), others: [...others], judged: this.judged };
  }

  #judge({ id, directory }: Session): EndedSession | undefined {
    this.judged.push(id);
    if (!existsSync(`${directory}/result.toml`)) return undefined;
    const summary = readFileSync(`${directory}/result.toml`, 'utf8');
    this.whileJudging();
    const end = { kind: 'finished', status: 'success', exit: -1, completedAt: '2026-01-02T03:04:05Z' } as const;
    const endedAt = Date.UTC(2026, 0, 2) + summary.length;
    return {
      id,
      state: 'finished',
      tool: 'codex',
      description: summary,
      startedAt: 1,
      endedAt,
      summary,
      exit: -1,
      end,
    };
  }
}

function idOf(n: number): string {
  return `01K${`${n}`.padStart(23, '0')}`;
}

describe('the index', () => {
  test('asks about each session that has ended once, and about every other one each time', async () => {
    const sessions = new Sessions();
    for (const n of [1, 2, 3]) sessions.add(n, `result ${n}`);
    sessions.add(4);
    await sessions.settled();
    const first = { ended: ['result 3', 'result 2', 'result 1'], others: [idOf(4)] };
    expect(await sessions.look()).toEqual({ ...first, judged: [idOf(4), idOf(3), idOf(2), idOf(1)] });
    expect(await sessions.look()).toEqual({ ...first, judged: [idOf(4)] });
  });

  test('remembers for the next process, with every word', async () => {
    const sessions = new Sessions();
    sessions.add(1, 'ünï "quoted" \u001b[1m');
    sessions.addLegacy(2, 'legacy');
    await sessions.settled();
    const { ended } = await sessions.index.look(sessions.listing);
    sessions.index.remember();
    sessions.judged = [];
    expect((await sessions.opened().look(sessions.listing)).ended).toEqual(ended);
    expect(sessions.judged).toEqual([]);
    expect(statSync(join(sessions.workshop, 'index.json')).mode & 0o777).toBe(0o600);
  });

  test.each<[string, (directory: string) => void]>([
    ['its result was rewritten in place, with its time put back', rewriteInPlace('result.toml')],
    ['its daemon was written in place', rewriteInPlace('daemon.pid')],
    ['its result was replaced by another of the same length', replace],
    ['a name has appeared in it', (directory) => writeFileSync(join(directory, 'resume-target.toml'), '')],
    ['its directory is another one', recreate],
  ])('asks again once %s', async (_, change) => {
    const sessions = new Sessions();
    const directory = sessions.add(1, 'result 1');
    await sessions.settled();
    await sessions.look();
    sessions.index.remember();
    change(directory);
    expect((await sessions.look()).judged).toEqual([idOf(1)]);
    expect((await sessions.look(sessions.opened())).judged).toEqual([idOf(1)]);
  });

  test('does not remember what changed while it was read', async () => {
    const sessions = new Sessions();
    const directory = sessions.add(1, 'result 1');
    await sessions.settled();
    sessions.whileJudging = () => writeFileSync(join(directory, 'result.toml'), 'result 2');
    expect((await sessions.look()).ended).toEqual(['result 1']);
    sessions.whileJudging = () => undefined;
    expect(await sessions.look()).toMatchObject({ ended: ['result 2'], judged: [idOf(1)] });
  });

  test('does not remember what is so young that another change could have the same time', async () => {
    const sessions = new Sessions();
    const isAskedAgain = async (): Promise<boolean> => {
      sessions.add(1, 'result 1');
      await sessions.look();
      return (await sessions.look()).judged.length === 1;
    };
    await until(isAskedAgain, 'two looks at once behind a change');
  });

  test('forgets sessions that are gone, when it is written', async () => {
    const sessions = new Sessions();
    for (const n of [1, 2]) sessions.add(n, `result ${n}`);
    await sessions.settled();
    await sessions.look();
    sessions.index.remember();
    rmSync(sessions.directory(1), { recursive: true });
    const next = sessions.opened();
    await sessions.look(next);
    next.remember();
    const text = readFileSync(join(sessions.workshop, 'index.json'), 'utf8');
    expect([text.includes(idOf(1)), text.includes(idOf(2))]).toEqual([false, true]);
  });

  test('is not written where there is nothing new', async () => {
    const sessions = new Sessions();
    sessions.add(1, 'result 1');
    sessions.add(2);
    await sessions.settled();
    await sessions.look();
    sessions.index.remember();
    const before = imprint(join(sessions.workshop, 'index.json'));
    const next = sessions.opened();
    await sessions.look(next);
    next.remember();
    expect(imprint(join(sessions.workshop, 'index.json'))).toEqual(before);
  });

  test('holds at most 8 MiB: of more sessions than have room it keeps the newest', async () => {
    const sessions = new Sessions();
    const long = '€'.repeat(4_000);
    for (let n = 0; n < 400; n += 1) sessions.add(n, `${n} ${long}`);
    await sessions.settled();
    await sessions.look();
    sessions.index.remember();
    const { size } = statSync(join(sessions.workshop, 'index.json'));
    expect(size).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(size).toBeGreaterThan(8 * 1024 * 1024 - 30_000);
    const { ended, judged } = await sessions.look(sessions.opened());
    expect(ended).toHaveLength(400);
    expect([judged.length > 0, judged.at(-1)]).toEqual([true, idOf(0)]);
    expect(judged).not.toContain(idOf(399));
  });

  test('where nothing can be written forgets, and says nothing', async () => {
    const sessions = new Sessions();
    sessions.add(1, 'result 1');
    await sessions.settled();
    await sessions.look();
    rmSync(sessions.workshop, { recursive: true });
    sessions.index.remember();
    expect(existsSync(sessions.workshop)).toBe(false);
  });

  test('stops at the signal', async () => {
    const sessions = new Sessions();
    sessions.add(1);
    const { listing } = sessions;
    await expect(sessions.index.look(listing, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });

  test('lets a signal come that is given by a timer, although judging waits for nothing', async () => {
    const sessions = new Sessions();
    for (let n = 0; n < 100; n += 1) sessions.add(n);
    const cap = new AbortController();
    setImmediate(() => cap.abort(new Error('enough')));
    let judged = 0;
    const busy = new EndedIndex(sessions.workshop, () => {
      judged += 1;
      for (const end = performance.now() + 5; performance.now() < end; );
      return undefined;
    });
    await expect(busy.look(sessions.listing, cap.signal)).rejects.toThrow('enough');
    expect(judged).toBeLessThan(100);
  });

  test('gives the first trouble of all, wherever the others have come', async () => {
    const sessions = new Sessions();
    for (let n = 0; n < 3; n += 1) sessions.add(n);
    const troubled = new EndedIndex(sessions.workshop, ({ id }) => Promise.reject(new Error(id)));
    await expect(troubled.look(sessions.listing)).rejects.toThrow(idOf(2));
  });
});

describe('a glimpse', () => {
  test('reads a few that have ended since, and none of many', async () => {
    const sessions = new Sessions();
    for (let n = 0; n < 101; n += 1) sessions.add(n, 'x');
    sessions.add(200);
    await sessions.settled();
    expect(await sessions.index.glimpse(sessions.listing)).toMatchObject({ isWarm: false });
    expect(sessions.judged).toEqual([]);
    rmSync(sessions.directory(0), { recursive: true });
    expect(await sessions.index.glimpse(sessions.listing)).toMatchObject({ isWarm: true });
    expect(sessions.judged).toHaveLength(100);
  });

  test('says how far the records have come', async () => {
    const sessions = new Sessions();
    expect((await sessions.index.glimpse(sessions.listing)).watermark).toEqual({
      records_count: 0,
      max_id: null,
      max_started_at: null,
      max_completed_at: null,
      sequence: 0,
    });
    sessions.add(1, 'x');
    const newest = sessions.add(2);
    await sessions.settled();
    expect((await sessions.index.glimpse(sessions.listing)).watermark).toEqual({
      records_count: 2,
      max_id: idOf(2),
      max_started_at: expect.stringMatching(/^20\d\d-.*Z$/),
      max_completed_at: '2026-01-02T00:00:00.001Z',
      sequence: Math.floor(statSync(newest).ctimeMs * 1000),
    });
  });

  test.each<[string, (sessions: Sessions) => void]>([
    ['a session appears', (sessions) => sessions.add(3)],
    ['one appears with an old date', (sessions) => sessions.add(0, 'x')],
    ['one appears among the old ones', (sessions) => sessions.addLegacy(0, 'x')],
    ['one is removed', (sessions) => rmSync(sessions.directory(1), { recursive: true })],
    ['one ends', (sessions) => writeFileSync(join(sessions.directory(2), 'result.toml'), 'x')],
    ['a result is rewritten in place', (sessions) => rewriteInPlace('result.toml')(sessions.directory(1))],
  ])('is another one once %s', async (_, change) => {
    const sessions = new Sessions();
    sessions.add(1, 'x');
    sessions.add(2);
    await sessions.settled();
    const { watermark } = await sessions.index.glimpse(sessions.listing);
    expect((await sessions.opened().glimpse(sessions.listing)).watermark).toEqual(watermark);
    change(sessions);
    expect((await sessions.opened().glimpse(sessions.listing)).watermark).not.toEqual(watermark);
  });

  test('is the same whether the sessions were remembered or not', async () => {
    const sessions = new Sessions();
    for (const n of [1, 2, 3]) sessions.add(n, `result ${n}`);
    await sessions.settled();
    const { watermark } = await sessions.index.glimpse(sessions.listing);
    sessions.index.remember();
    expect((await sessions.opened().glimpse(sessions.listing)).watermark).toEqual(watermark);
  });
});

describe('an index that is none of ours is forgotten:', () => {
  test.each<[string, (path: string) => void]>([
    ['empty', (path) => truncateSync(path, 0)],
    ['torn', (path) => truncateSync(path, statSync(path).size - 5)],
    ['huge', (path) => truncateSync(path, 9 * 1024 * 1024)],
    ['a directory', (path) => [rmSync(path), mkdirSync(path)]],
    ['a FIFO', (path) => [rmSync(path), execFileSync('mkfifo', [path])]],
    ['a link', (path) => [renameSync(path, `${path}.good`), symlinkSync(`${path}.good`, path)]],
    ['of another schema', edit((text) => text.replace('csa.brief-index/1', 'csa.brief-index/2'))],
    ['of another session', edit((text) => text.replaceAll(idOf(1), idOf(7)))],
    ['of another state of the session', edit((text) => text.replace(/"\d[\d.,]+ /, '"1 '))],
    ['of another form', edit((text) => text.replace('"state":"finished"', '"state":"alive"'))],
    ['without its parents', edit((text) => text.replace(/"parents":\[[^\]]*\]/, '"parents":[]'))],
    ['of nothing', edit(() => 'null')],
  ])('%s', async (_, spoil) => {
    const sessions = new Sessions();
    sessions.add(1, 'result 1');
    await sessions.settled();
    await sessions.look();
    sessions.index.remember();
    spoil(join(sessions.workshop, 'index.json'));
    expect(await sessions.look(sessions.opened())).toEqual({ ended: ['result 1'], others: [], judged: [idOf(1)] });
  });

  test('whatever JSON it is', async () => {
    const sessions = new Sessions();
    sessions.add(1, 'result 1');
    await sessions.settled();
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom(idOf(1), 0, 'csa.brief-index/1'));
    const line = fc.oneof(part, fc.tuple(part, part, part), fc.tuple(fc.constant(0), fc.string(), part));
    const document = fc.record(
      {
        schema: fc.constant('csa.brief-index/1'),
        parents: fc.oneof(part, fc.array(fc.string())),
        sessions: fc.array(line),
      },
      { requiredKeys: ['schema'] },
    );
    await fc.assert(
      fc.asyncProperty(document, async (value) => {
        writeFileSync(join(sessions.workshop, 'index.json'), JSON.stringify(value));
        const index = sessions.opened();
        expect((await sessions.look(index)).judged).toEqual([idOf(1)]);
        index.remember();
        expect((await sessions.look(sessions.opened())).judged).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

test('names that are no session, and what is no directory, are nothing', async () => {
  const sessions = new Sessions();
  sessions.add(1, 'result 1');
  const parent = join(sessions.directory(1), '..');
  mkdirSync(join(parent, 'other'));
  writeFileSync(join(parent, idOf(5)), '');
  symlinkSync(sessions.directory(1), join(parent, idOf(6)));
  expect((await sessions.look()).ended).toEqual(['result 1']);
  expect(readdirSync(sessions.workshop)).toEqual([]);
});

function rewriteInPlace(name: string): (directory: string) => void {
  return (directory) => {
    const path = join(directory, name);
    const { atime, mtime, size } = statSync(path);
    writeFileSync(path, 'y'.repeat(size));
    utimesSync(path, atime, mtime);
  };
}

function replace(directory: string): void {
  const path = join(directory, 'result.toml');
  writeFileSync(`${path}.new`, 'y'.repeat(statSync(path).size));
  renameSync(`${path}.new`, path);
}

function recreate(directory: string): void {
  renameSync(directory, `${directory}-old`);
  mkdirSync(directory);
  for (const name of readdirSync(`${directory}-old`)) renameSync(`${directory}-old/${name}`, `${directory}/${name}`);
}

function edit(change: (text: string) => string): (path: string) => void {
  return (path) => {
    const text = readFileSync(path, 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(path, change(text));
  };
}
