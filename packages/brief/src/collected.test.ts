import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markCollected, pruneCollected, readCollected, type ShownEnd } from './collected.ts';
import { answersOf } from './processes.test.fixture.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';
const OTHER = '01M0F77JH0BVPHYFAVF40A3GZ6';
const FINISHED: ShownEnd = { kind: 'finished', status: 'success', exit: 0, completedAt: '2026-03-01T12:00:00Z' };
const DEAD: ShownEnd = { kind: 'dead' };

function workshop(): string {
  return join(temporaryDirectory(), 'project', '.brief');
}

function marksIn(place: string): string[] {
  return readdirSync(join(place, 'collected'));
}

describe('a mark', () => {
  test('is remembered of the session and the end that were shown, and of no other', () => {
    const place = workshop();
    markCollected(place, ID, FINISHED);
    const collected = readCollected(place);
    expect([collected.has(ID, FINISHED), collected.has(ID, { ...FINISHED }), collected.has(OTHER, FINISHED)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  const OTHERS: readonly ShownEnd[] = [
    DEAD,
    { ...FINISHED, status: 'failure' },
    { ...FINISHED, exit: 1 },
    { ...FINISHED, completedAt: '2026-03-01T12:00:01Z' },
    { kind: 'finished', status: 'success', exit: 0 },
    { kind: 'finished', status: 'success' },
    { kind: 'finished' },
    // As a list of words these would be the same.
    { kind: 'finished', status: 'success,0', exit: 0 },
  ];

  test.each(OTHERS)('is not one of the end %j', (other) => {
    const place = workshop();
    markCollected(place, ID, FINISHED);
    expect(readCollected(place).has(ID, other)).toBe(false);
    markCollected(place, ID, other);
    expect(OTHERS.filter((end) => readCollected(place).has(ID, end))).toEqual([other]);
  });

  test('is one, however often the end is shown', () => {
    const place = workshop();
    for (let i = 0; i < 5; i += 1) markCollected(place, ID, DEAD);
    expect(marksIn(place)).toHaveLength(1);
    expect(readCollected(place).has(ID, DEAD)).toBe(true);
  });

  test('holds nothing, whatever the end says, and stands below its directory', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.string(), (status, exit, completedAt) => {
        const place = workshop();
        const end: ShownEnd = { kind: 'finished', status, exit, completedAt };
        markCollected(place, ID, end);
        expect(readCollected(place).has(ID, end)).toBe(true);
        expect(marksIn(place).map((name) => readFileSync(join(place, 'collected', name), 'utf8'))).toEqual(['']);
      }),
      { numRuns: 50 },
    );
  });

  test.each([0, 0o022, 0o777])('and what is made for it is for its owner alone under a umask of %i', (umask) => {
    const root = temporaryDirectory();
    const place = join(root, 'state', 'project', '.brief');
    const before = process.umask(umask);
    try {
      markCollected(place, ID, DEAD);
    } finally {
      process.umask(before);
    }
    const made = readdirSync(root, { recursive: true, encoding: 'utf8' });
    expect(made).toHaveLength(5);
    for (const name of made) {
      const stat = statSync(join(root, name));
      // Nobody ever opens a mark: what its owner may do with it does not matter.
      expect([name, stat.mode & 0o777]).toEqual([name, stat.isDirectory() ? 0o700 : 0o600 & ~umask]);
    }
  });

  test.each(['', '..', '../../escaped', `${ID}/..`, ID.toLowerCase(), `${ID}0`, `${ID}\n`, '\0'.repeat(26)])(
    'is not made for what is no session id: %j',
    (id) => {
      const root = temporaryDirectory();
      markCollected(join(root, '.brief'), id, DEAD);
      expect(readdirSync(root)).toEqual([]);
    },
  );
});

describe('reading', () => {
  test('finds nothing where nothing was collected, and makes nothing', () => {
    const root = temporaryDirectory();
    expect(readCollected(join(root, 'project', '.brief')).has(ID, DEAD)).toBe(false);
    expect(readdirSync(root)).toEqual([]);
  });

  test('finds its mark among hostile names', () => {
    const place = workshop();
    markCollected(place, ID, DEAD);
    for (const name of ['.x', `${OTHER}-`, `${OTHER}-zzzzzzzzzz`, `-${OTHER}`, '\n', '<!-- CSA:X -->', 'é'.repeat(100)])
      writeFileSync(join(place, 'collected', name), 'x');
    mkdirSync(join(place, 'collected', `${OTHER}-0123456789`));
    const collected = readCollected(place);
    expect([collected.has(ID, DEAD), collected.has(OTHER, DEAD), collected.has('', DEAD)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('shows what was there when it was asked', () => {
    const place = workshop();
    const before = readCollected(place);
    markCollected(place, ID, DEAD);
    expect([before.has(ID, DEAD), readCollected(place).has(ID, DEAD)]).toEqual([false, true]);
  });

  test('knows ten thousand', () => {
    const place = workshop();
    const ids = Array.from({ length: 10_000 }, (_, i) => `01M0F77JH0BVPHYFAVF4${String(i).padStart(6, '0')}`);
    for (const id of ids) markCollected(place, id, FINISHED);
    const collected = readCollected(place);
    expect(ids.filter((id) => !collected.has(id, FINISHED))).toEqual([]);
    expect(ids.filter((id) => collected.has(id, DEAD))).toEqual([]);
    pruneCollected(place, (id) => id === ids[0]);
    expect(marksIn(place)).toHaveLength(1);
  });
});

describe('what is in the way stays as it is, and breaks nothing:', () => {
  const ways: ReadonlyArray<[string, (path: string) => void]> = [
    ['a file', (path) => writeFileSync(path, 'kept')],
    ['a FIFO', (path) => expect(spawnSync('mkfifo', [path]).status).toBe(0)],
    ['a link to nowhere', (path) => symlinkSync('nowhere', path)],
    ['a link to itself', (path) => symlinkSync(path, path)],
  ];
  const spots: ReadonlyArray<[string, (place: string) => string]> = [
    ["the project's folder", (place) => dirname(place)],
    ['the workshop', (place) => place],
    ['the directory of marks', (place) => join(place, 'collected')],
  ];
  const cases = ways.flatMap(([what, plant]) => spots.map(([where, spot]) => [what, where, plant, spot] as const));

  test.each(cases)('%s in the place of %s', (_, __, plant, spot) => {
    const place = workshop();
    const path = spot(place);
    mkdirSync(dirname(path), { recursive: true });
    plant(path);
    const before = lstatSync(path).mode;
    markCollected(place, ID, DEAD);
    pruneCollected(place, () => false);
    expect(readCollected(place).has(ID, DEAD)).toBe(false);
    expect(lstatSync(path).mode).toBe(before);
    if (lstatSync(path).isFile()) expect(readFileSync(path, 'utf8')).toBe('kept');
  });

  test.each(ways)('%s in the place of a mark is the mark', (_, plant) => {
    const place = workshop();
    markCollected(place, ID, DEAD);
    const [name = ''] = marksIn(place);
    const other = workshop();
    mkdirSync(join(other, 'collected'), { recursive: true });
    const path = join(other, 'collected', name);
    plant(path);
    const before = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : lstatSync(path).size;
    markCollected(other, ID, DEAD);
    expect(readCollected(other).has(ID, DEAD)).toBe(true);
    expect(lstatSync(path).isSymbolicLink() ? readlinkSync(path) : lstatSync(path).size).toBe(before);
    expect(existsSync(join(other, 'collected', 'nowhere'))).toBe(false);
  });
});

const TRIES = `
  import { markCollected, pruneCollected, readCollected } from 'SRC/collected.ts';
  const [place, id] = process.argv.slice(1);
  const tried = () => {
    markCollected(place, id, { kind: 'dead' });
    pruneCollected(place, () => false);
    return readCollected(place).has(id, { kind: 'dead' });
  };`;
const PRINT = 'console.log(JSON.stringify(tried()));';

describe('where nothing can be written', () => {
  test.each([
    ["the project's folder", (place: string) => dirname(place)],
    ['the directory of marks', (place: string) => join(place, 'collected')],
  ])('because %s may not be, nothing is marked and nothing breaks', async (_, spot) => {
    const place = workshop();
    mkdirSync(spot(place), { recursive: true, mode: 0o500 });
    const before = readdirSync(dirname(place), { recursive: true });
    expect(await answersOf([{ module: TRIES + PRINT, args: [place, ID], through: denied() }])).toEqual([false]);
    expect(readdirSync(dirname(place), { recursive: true })).toEqual(before);
  });

  test('because a mark may be neither listed nor removed, it stays and breaks nothing', async () => {
    const place = workshop();
    markCollected(place, ID, DEAD);
    const module = `${TRIES} import { chmodSync } from 'node:fs'; chmodSync(place + '/collected', 0o100); ${PRINT}`;
    expect(await answersOf([{ module, args: [place, ID], through: denied() }])).toEqual([false]);
  });

  test('marks that may not be listed are not known, and those that are not there are', async () => {
    const place = workshop();
    const isKnown = (): boolean => readCollected(place).isKnown;
    const before = isKnown();
    markCollected(place, ID, DEAD);
    const module = `${TRIES} import { chmodSync } from 'node:fs'; chmodSync(place + '/collected', 0o300);
      console.log(JSON.stringify(readCollected(place).isKnown));`;
    expect([before, isKnown()]).toEqual([true, true]);
    expect(await answersOf([{ module, args: [place, ID], through: denied() }])).toEqual([false]);
    rmSync(join(place, 'collected'), { recursive: true });
    writeFileSync(join(place, 'collected'), 'no directory');
    expect(isKnown()).toBe(true);
  });

  test.runIf(namespace()).each([
    ['there is no inode left', 'size=1m,nr_inodes=3'],
    ['the disk is read-only', 'ro'],
  ])('because %s, nothing is marked and nothing breaks', async (_, options) => {
    const root = temporaryDirectory();
    const mount = `mount -t tmpfs -o ${options} tmpfs ${root}; exec "$@"`;
    const through = [...(namespace() ?? []), 'sh', '-c', mount, 'sh'];
    const args = [join(root, 'project', '.brief'), ID];
    expect(await answersOf([{ module: TRIES + PRINT, args, through }])).toEqual([false]);
  });
});

test('of many processes that mark the same end and ends of their own at once, each one is marked', async () => {
  const place = workshop();
  const module = `
    import { markCollected } from 'SRC/collected.ts';
    const [place, shared, own] = process.argv.slice(1);
    for (const id of [shared, own]) markCollected(place, id, { kind: 'dead' });
    console.log('true');`;
  const own = Array.from({ length: 8 }, (_, i) => `01M0F77JH0BVPHYFAVF40A3GZ${'ABCDEFGH'[i]}`);
  await answersOf(own.map((id) => ({ module, args: [place, ID, id] })));
  const collected = readCollected(place);
  expect([ID, ...own].filter((id) => !collected.has(id, DEAD))).toEqual([]);
  expect(marksIn(place)).toHaveLength(9);
});

describe('pruning', () => {
  test('forgets the marks of sessions that are gone, each of their ends, and nothing else', () => {
    const place = workshop();
    for (const end of [DEAD, FINISHED]) for (const id of [ID, OTHER]) markCollected(place, id, end);
    const foreign = ['notes', `${OTHER}-xyz`, `.${OTHER}-0123456789`];
    for (const name of foreign) writeFileSync(join(place, 'collected', name), '');
    pruneCollected(place, (id) => id === ID);
    const collected = readCollected(place);
    expect([DEAD, FINISHED].map((end) => [collected.has(ID, end), collected.has(OTHER, end)])).toEqual([
      [true, false],
      [true, false],
    ]);
    expect(marksIn(place)).toEqual(expect.arrayContaining(foreign));
  });

  test('asks for sessions once it has seen the marks: one that appears meanwhile keeps its mark', () => {
    const place = workshop();
    markCollected(place, ID, DEAD);
    pruneCollected(place, () => {
      markCollected(place, OTHER, DEAD);
      return false;
    });
    expect([readCollected(place).has(ID, DEAD), readCollected(place).has(OTHER, DEAD)]).toEqual([false, true]);
  });

  test('makes nothing', () => {
    const root = temporaryDirectory();
    pruneCollected(join(root, '.brief'), () => false);
    expect(readdirSync(root)).toEqual([]);
  });
});

/** Permissions bite in what runs through this, also for root. */
function denied(): string[] {
  if (process.getuid?.() !== 0) return [];
  const sets = '-dac_override,-dac_read_search,-fowner';
  return ['setpriv', '--bounding-set', sets, '--inh-caps', sets];
}

/** Root of a user namespace of its own, which may mount; `undefined` where the machine forbids that. */
function namespace(): string[] | undefined {
  const [program, ...words] = ['unshare', '--user', '--map-root-user', '--mount'] as const;
  return spawnSync(program, [...words, 'true'], { stdio: 'ignore' }).status === 0 ? [program, ...words] : undefined;
}
