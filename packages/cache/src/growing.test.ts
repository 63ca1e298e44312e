import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_LINES, fileOf, linesOf } from './caches.test.fixture.ts';
import { FileCache } from './file-cache.ts';
import type { LineReader } from './line-reader.ts';

const BLOCK = 256 * 1024;
const MIB = 1024 * 1024;

/** Lines with their offsets, and which of them each reading was told. */
class World {
  readonly path: string;
  told: string[] = [];
  readonly cache: FileCache<readonly string[]>;

  constructor(text = '') {
    this.path = fileOf(text);
    const lines: LineReader<readonly string[], readonly string[]> = {
      begin: (from) => {
        const { take, end } = ALL_LINES.begin(from);
        const tell = (line: string, at: number): void => {
          this.told.push(line);
          take(line, at);
        };
        return { take: tell, end };
      },
    };
    this.cache = new FileCache({ lines });
  }

  /** What is read now, and what was told of it. */
  read(): { readonly value: readonly string[]; readonly told: readonly string[] } {
    this.told = [];
    return { value: this.cache.getSync(this.path), told: this.told };
  }
}

describe('a file that grows', () => {
  it('is read on from the last whole line', () => {
    const world = new World('one\ntwo\n');
    expect(world.read()).toEqual({ value: ['0 one', '4 two'], told: ['one', 'two'] });
    appendFileSync(world.path, 'three\n');
    expect(world.read()).toEqual({ value: ['0 one', '4 two', '8 three'], told: ['three'] });
    expect(world.read().told).toEqual([]);
    expect(world.cache.stats()).toEqual({ hits: 1, misses: 2, parses: 2, evictions: 0 });
  });

  it('has its torn last line told when it is whole', () => {
    const world = new World('one\ntw');
    expect(world.read()).toEqual({ value: ['0 one', 'torn tw'], told: ['one'] });
    appendFileSync(world.path, 'o');
    expect(world.read()).toEqual({ value: ['0 one', 'torn two'], told: [] });
    appendFileSync(world.path, '\n');
    expect(world.read()).toEqual({ value: ['0 one', '4 two'], told: ['two'] });
  });

  it('is nothing as long as it is empty', () => {
    const world = new World();
    expect(world.read()).toEqual({ value: [], told: [] });
    appendFileSync(world.path, '\n\na\n');
    expect(world.read().value).toEqual(['0 ', '1 ', '2 a']);
  });

  it('is told in lines whatever their ends are, and wherever a block ends', () => {
    const crlf = 'a\r\nb\r\n';
    expect(linesOf(fileOf(crlf))).toEqual(['0 a\r', '3 b\r']);
    const [before, behind] = ['x'.repeat(BLOCK - 2), 'ü€😀'];
    for (let cut = 0; cut < 12; cut += 1) {
      const line = before.slice(cut) + behind;
      expect(linesOf(fileOf(`${line}\n${line}\n`))).toEqual([`0 ${line}`, `${Buffer.byteLength(line) + 1} ${line}`]);
    }
  });

  it('may have lines of up to 16 MiB; longer ones are told as empty', () => {
    const [long, longer] = ['x'.repeat(16 * MIB), 'y'.repeat(16 * MIB + 1)];
    const world = new World(`${long}\n${longer}\nend\n${longer}`);
    const { told, value } = world.read();
    expect(told.map((line) => line.length)).toEqual([16 * MIB, 0, 3]);
    expect(value.at(-1)).toBe('torn ');
  });

  it.each<[string, (path: string) => void]>([
    ['cut', (path) => truncateSync(path, 6)],
    ['emptied', (path) => truncateSync(path, 0)],
    [
      'cut and grown again',
      (path) => {
        truncateSync(path, 4);
        appendFileSync(path, 'other\nand more\n');
      },
    ],
    [
      'replaced by a longer one',
      (path) => {
        writeFileSync(`${path}.new`, 'one\ntwo\nthree\n');
        renameSync(`${path}.new`, path);
      },
    ],
    ['written anew and longer', (path) => writeFileSync(path, 'other\ntexts\nthan before\n')],
    [
      'written anew with as many bytes, and its time put back',
      (path) => {
        writeFileSync(path, 'two\none\n');
        utimesSync(path, 1, 1);
      },
    ],
  ])('is read from the beginning after it was %s', (_, change) => {
    const world = new World('one\ntwo\n');
    world.read();
    change(world.path);
    const { value, told } = world.read();
    expect(value).toEqual(linesOf(world.path));
    expect(told).toHaveLength(value.filter((line) => !line.startsWith('torn')).length);
  });

  it('is told by what stands in it although it had just been read in the same tick', () => {
    const world = new World('one\n');
    for (let i = 0; i < 400; i += 1) {
      writeFileSync(world.path, `${i % 10}${i % 7}\n`);
      expect(world.read().value).toEqual([`0 ${i % 10}${i % 7}`]);
    }
  });

  it('is read on although it has grown while it was read', () => {
    const path = fileOf('one\n');
    const told: string[] = [];
    const cache = new FileCache({
      lines: {
        begin: (from?: readonly string[]) => {
          const fold = ALL_LINES.begin(from);
          return {
            ...fold,
            take(line: string, at: number) {
              told.push(line);
              if (told.length === 1) appendFileSync(path, 'two\n');
              fold.take(line, at);
            },
          };
        },
      },
    });
    expect(cache.getSync(path)).toEqual(['0 one']);
    expect(cache.getSync(path)).toEqual(['0 one', '4 two']);
    expect(told).toEqual(['one', 'two']);
  });

  it.each<[string, (path: string) => void]>([
    ['written anew', (path) => writeFileSync(path, 'other\ntext\n')],
    ['cut', (path) => truncateSync(path, 2)],
  ])('is read from the beginning where it was %s while it was read', (_, change) => {
    const path = fileOf('one\ntwo\n');
    let isFirst = true;
    const cache = new FileCache({
      lines: {
        begin(from?: readonly string[]) {
          if (isFirst) change(path);
          isFirst = false;
          return ALL_LINES.begin(from);
        },
      },
    });
    // Neither a part of the one text and a part of the other is given to the reader who was surprised by it.
    for (const _ of [1, 2, 3]) expect(cache.getSync(path)).toEqual(linesOf(path));
  });

  it('is given as it was found where it never stands still, and not kept', () => {
    const path = fileOf('one\n');
    let count = 0;
    const cache = new FileCache({
      lines: {
        begin(from?: readonly string[]) {
          count += 1;
          writeFileSync(path, `${count}\n`);
          return ALL_LINES.begin(from);
        },
      },
    });
    expect(cache.getSync(path)).toEqual([`0 ${count}`]);
    const before = count;
    cache.getSync(path);
    expect([before > 1, count > before, before < 10]).toEqual([true, true, true]);
  });

  it('is not read where it is gone, a directory or unreadable, and read again when it is there', () => {
    const world = new World('one\n');
    world.read();
    rmSync(world.path);
    expect(() => world.read()).toThrow(/ENOENT/);
    mkdirSync(world.path);
    expect(() => world.read()).toThrow(world.path);
    rmSync(world.path, { recursive: true });
    writeFileSync(world.path, 'two\n');
    expect(world.read()).toEqual({ value: ['0 two'], told: ['two'] });
  });

  it('that a reader failed to understand is understood by the next one', () => {
    const path = fileOf('one\n');
    let isBroken = false;
    const cache = new FileCache({
      lines: {
        begin(from?: readonly string[]) {
          if (isBroken) throw new Error('broken');
          return ALL_LINES.begin(from);
        },
      },
    });
    cache.getSync(path);
    appendFileSync(path, 'two\n');
    isBroken = true;
    expect(() => cache.getSync(path)).toThrow('broken');
    isBroken = false;
    expect(cache.getSync(path)).toEqual(['0 one', '4 two']);
  });

  it('keeps from the next reading what the last one has kept as its state', () => {
    const path = fileOf('one\n');
    const cache = new FileCache({
      lines: {
        begin: (known: string[] = []) => ({
          take: (line: string) => known.push(line),
          end: (from: number) => ({ value: known.length, state: known, from }),
        }),
      },
    });
    expect(cache.getSync(path)).toBe(1);
    appendFileSync(path, 'two\n');
    expect(() => cache.getSync(path)).toThrow(TypeError);
  });

  it('gives what a first reading would give, whatever is done to it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r'), maxLength: 200 });
    const step = fc.oneof(
      { weight: 4, arbitrary: text.map((more) => (path: string) => appendFileSync(path, more)) },
      fc.nat(300).map((size) => (path: string) => truncateSync(path, size)),
      text.map((other) => (path: string) => writeFileSync(path, other)),
      text.map((other) => (path: string) => {
        writeFileSync(`${path}.new`, other);
        renameSync(`${path}.new`, path);
      }),
      fc.constant((path: string) => {
        rmSync(path);
        writeFileSync(path, '');
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), (rounds) => {
        const world = new World();
        for (const steps of rounds) {
          for (const change of steps) change(world.path);
          expect(world.read().value).toEqual(linesOf(world.path));
        }
      }),
    );
  });
});
