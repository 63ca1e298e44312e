import {
  appendFileSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { Journal, type JournalEntry } from './journal.ts';
import { sealLine } from './journal-lines.ts';
import { runModule } from './sessions.test.fixture.ts';

interface Entry extends JournalEntry {
  readonly text?: string;
}

const ALL = (): boolean => true;

function open(directory: string): Journal<Entry> {
  return new Journal<Entry>({
    directory,
    name: 'events',
    parse: (value) => (typeof (value as Entry).id === 'string' ? (value as Entry) : undefined),
  });
}

/** What a reader that begins now sees. */
function idsIn(directory: string): string[] {
  const journal = open(directory);
  journal.read();
  return journal.take().map(({ id }) => id);
}

function path(directory: string, number = 1): string {
  return join(directory, `events.${number}.jsonl`);
}

function files(directory: string): string[] {
  return readdirSync(directory).sort();
}

/** Some twenty of these fill a file. */
function large(id: string): Entry {
  return { id, text: 'x'.repeat(200_000) };
}

function filled(prefix: string, count = 22): Entry[] {
  return Array.from({ length: count }, (_, i) => large(`${prefix}${i}`));
}

describe('a journal', () => {
  it('exists from its first entry on', () => {
    const journal = open(temporaryDirectory());
    expect(journal.exists()).toBe(false);
    journal.add([], ALL);
    expect(journal.exists()).toBe(false);
    journal.add([{ id: 'a' }], ALL);
    expect(journal.exists()).toBe(true);
    expect(open(join(temporaryDirectory(), 'absent')).exists()).toBe(false);
  });

  it('gives back what was added, once, to whoever reads it', () => {
    const directory = temporaryDirectory();
    const journal = open(directory);
    journal.add([{ id: 'a' }, { id: 'b', text: 'é\n\u2028' }], ALL);
    expect(journal.take()).toEqual([{ id: 'a' }, { id: 'b', text: 'é\n\u2028' }]);
    journal.read();
    expect(journal.take()).toEqual([]);
    expect(idsIn(directory)).toEqual(['a', 'b']);
    expect(statSync(path(directory)).mode & 0o777).toBe(0o600);
  });

  it('that nobody has written is empty, and reading makes nothing', () => {
    const directory = join(temporaryDirectory(), 'absent');
    expect(idsIn(directory)).toEqual([]);
    expect(() => statSync(directory)).toThrow('ENOENT');
  });

  it('has one order for all its readers, whoever adds what', () => {
    const directory = temporaryDirectory();
    const [one, two] = [open(directory), open(directory)];
    one.add([{ id: 'a' }], ALL);
    two.add([{ id: 'b' }, { id: 'a' }], ALL);
    one.add([{ id: 'b' }, { id: 'c' }], ALL);
    two.read();
    for (const journal of [one, two]) expect(journal.take().map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('counts an entry where it stands first', () => {
    const directory = temporaryDirectory();
    writeFileSync(path(directory), '{"id":"a"}\n{"id":"b"}\n{"id":"a","text":"again"}\n{"id":"c"}\n');
    const journal = open(directory);
    journal.read();
    expect(journal.take()).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
  });

  it('torn at any byte keeps what was whole, and what is added afterwards', () => {
    const directory = temporaryDirectory();
    open(directory).add([{ id: 'a' }], ALL);
    const before = statSync(path(directory)).size;
    open(directory).add([{ id: 'b', text: 'é' }, { id: 'c' }], ALL);
    const whole = readFileSync(path(directory));
    for (let end = before; end <= whole.length; end += 1) {
      writeFileSync(path(directory), whole.subarray(0, end));
      const journal = open(directory);
      journal.add([{ id: 'b', text: 'é' }, { id: 'c' }, { id: 'd' }], ALL);
      expect(journal.take().map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
      expect(idsIn(directory)).toEqual(['a', 'b', 'c', 'd']);
    }
  });

  it('passes over lines that are none of its own', () => {
    const directory = temporaryDirectory();
    writeFileSync(path(directory), '\u0000\u0000\n[1]\n{"id":7}\n{"__proto__":{"id":"x"}}\nnull\n{"id":"a"}\n<!-- ');
    open(directory).add([{ id: 'b' }], ALL);
    expect(idsIn(directory)).toEqual(['a', 'b']);
  });

  it('goes on after it was removed, cut or replaced under its reader', () => {
    const directory = temporaryDirectory();
    const journal = open(directory);
    journal.add([{ id: 'a' }, { id: 'b' }], ALL);
    rmSync(path(directory));
    journal.add([{ id: 'c' }], ALL);
    truncateSync(path(directory), 0);
    journal.add([{ id: 'd' }], ALL);
    writeFileSync(path(directory, 2), '{"id":"e"}\n{"id":"a"}\n');
    renameSync(path(directory, 2), path(directory));
    journal.read();
    expect(journal.take().map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each([
    ['a symbolic link', (at: string) => symlinkSync('/etc/hostname', at)],
    ['a directory', (at: string) => mkdirSync(at)],
    ['a link into nowhere', (at: string) => symlinkSync('nowhere', at)],
  ])('is not read or written through %s', (_, plant) => {
    const directory = temporaryDirectory();
    plant(path(directory));
    expect(() => open(directory).read()).toThrow(/ELOOP|EISDIR|EINVAL/);
    expect(() => open(directory).add([{ id: 'a' }], ALL)).toThrow(/ELOOP|EISDIR|EINVAL/);
    expect(files(directory)).toEqual(['events.1.jsonl']);
  });

  it.runIf(process.getuid?.() === 0)('of another user is read, and not written, also by root', () => {
    const directory = temporaryDirectory();
    open(directory).add([{ id: 'a' }], ALL);
    chownSync(directory, 4_711, 4_711);
    expect(() => open(directory).add([{ id: 'b' }], ALL)).toThrow('EPERM');
    expect(idsIn(directory)).toEqual(['a']);
  });

  it('that keeps nothing is an error, not an endless loop', () => {
    const journal = new Journal<Entry>({ directory: temporaryDirectory(), name: 'events', parse: () => undefined });
    expect(() => journal.add([{ id: 'a' }], ALL)).toThrow('EIO');
  });
});

describe('a file that has grown long', () => {
  it('is sealed, and its readers go on in the next one', () => {
    const directory = temporaryDirectory();
    const reader = open(directory);
    open(directory).add([...filled('a'), { id: 'z' }], ALL);
    reader.read();
    open(directory).add([{ id: 'b' }], ALL);
    reader.read();
    expect(files(directory)).toEqual(['events.1.jsonl', 'events.2.jsonl']);
    expect(reader.take().map(({ id }) => id)).toEqual([...filled('a').map(({ id }) => id), 'z', 'b']);
  });

  it('takes nothing after its seal: whoever wrote there writes again into the next one', () => {
    const directory = temporaryDirectory();
    const late = open(directory);
    late.add([{ id: 'a' }], ALL);
    appendFileSync(path(directory), `${sealLine()}\n{"id":"b"}\n${sealLine()}\n`);
    expect(idsIn(directory)).toEqual(['a']);
    late.add([{ id: 'b' }, { id: 'c' }], ALL);
    expect(late.take().map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(readFileSync(path(directory, 2), 'utf8')).toContain('"b"');
    expect(idsIn(directory)).toEqual(['a', 'b', 'c']);
  });

  it('goes when there are more than four, and what it told is not told again of what is kept', () => {
    const directory = temporaryDirectory();
    const journal = open(directory);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) journal.add(filled(name), (id) => id === 'a1');
    expect(files(directory)).toEqual([3, 4, 5, 6, 7].map((number) => `events.${number}.jsonl`));
    expect(statSync(path(directory, 7)).size).toBeLessThan(10_000);
    const later = open(directory);
    later.read();
    expect(later.take().map(({ id }) => id)).toEqual(
      ['c', 'd', 'e', 'f'].flatMap((name) => filled(name).map(({ id }) => id)),
    );
    expect(['a0', 'a1', 'b0', 'f1'].map((id) => later.has(id))).toEqual([false, true, false, true]);
    later.add([{ id: 'a1' }, { id: 'new' }], ALL);
    expect(later.take()).toEqual([{ id: 'new' }]);
  });

  it('that goes under a reader who lags behind keeps that reader from nothing that is still there', () => {
    const directory = temporaryDirectory();
    const journal = open(directory);
    journal.add(filled('a'), ALL);
    const lagging = open(directory);
    lagging.read();
    lagging.take();
    for (const name of ['b', 'c', 'd', 'e', 'f']) journal.add(filled(name), ALL);
    lagging.read();
    const seen = new Set(lagging.take().map(({ id }) => id.charAt(0)));
    expect([...seen]).toEqual(['c', 'd', 'e', 'f']);
    expect(lagging.has('b0')).toBe(true);
  });
});

it('has one order for many processes that add the same and other entries at once', async () => {
  const directory = temporaryDirectory();
  const module = `
    import { Journal } from 'SRC/journal.ts';
    const [directory, name] = process.argv.slice(1);
    const journal = new Journal({ directory, name: 'events', parse: (value) => value });
    for (let i = 0; i < 60; i += 1) {
      journal.add([{ id: 'all-' + i }, { id: name + '-' + i }], () => true);
    }
    journal.read();
    console.log(JSON.stringify(journal.take().map(({ id }) => id)));
  `;
  const ran = await Promise.all(['a', 'b', 'c'].map((name) => runModule(module, { args: [directory, name] })));
  const orders = ran.map(({ stdout, stderr }) => {
    expect(stderr).toBe('');
    return JSON.parse(stdout) as string[];
  });
  const whole = idsIn(directory);
  expect(new Set(whole).size).toBe(whole.length);
  expect(whole).toHaveLength(4 * 60);
  for (const order of orders) expect(order).toEqual(whole.slice(0, order.length));
});

it('leaves a file alone that is too large for one of its own, and goes on in the next', () => {
  const directory = temporaryDirectory();
  writeFileSync(path(directory), '{"id":"not-ours"}\n');
  truncateSync(path(directory), 8 * 2 ** 30);
  const journal = open(directory);
  journal.add([{ id: 'a' }], ALL);
  expect([idsIn(directory), files(directory)]).toEqual([['a'], ['events.1.jsonl', 'events.2.jsonl']]);
});
