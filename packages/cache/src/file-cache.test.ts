import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { temporaryDirectory, until } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { fileOf, jsonCache, textCache } from './caches.test.fixture.ts';
import { FileCache } from './file-cache.ts';

describe('a file', () => {
  it('is read once, and then kept', async () => {
    const path = fileOf('{"a":1}');
    const cache = jsonCache();
    const value = await cache.get(path);
    expect(value).toEqual({ a: 1 });
    expect(await cache.get(path)).toBe(value);
    expect(cache.getSync(path)).toBe(value);
    expect(cache.stats()).toEqual({ hits: 2, misses: 1, parses: 1, evictions: 0 });
  });

  it('is one, by whatever name it is asked for', async () => {
    const path = fileOf('{}');
    const directory = dirname(path);
    symlinkSync(path, join(directory, 'link'));
    symlinkSync(directory, join(directory, 'directory'));
    const cache = jsonCache();
    const names = [path, relative(process.cwd(), path), join(directory, 'link'), join(directory, 'directory/file')];
    const values = await Promise.all([...names, `${directory}/directory/../file`, ...names].map((n) => cache.get(n)));
    expect(new Set(values).size).toBe(1);
    expect(cache.stats().parses).toBe(1);
    for (const name of names) expect(await cache.get(name)).toBe(values[0]);
    expect(cache.stats()).toEqual({ hits: 4, misses: 9, parses: 1, evictions: 0 });
  });

  it('is another one behind a link that leads elsewhere by now', () => {
    const [one, other] = [fileOf('one'), fileOf('two')];
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(one, link);
    const cache = textCache();
    expect([cache.getSync(link), cache.getSync(link)]).toEqual(['one', 'one']);
    rmSync(link);
    symlinkSync(other, link);
    expect([cache.getSync(link), cache.getSync(link), cache.getSync(one)]).toEqual(['two', 'two', 'one']);
    expect(cache.stats()).toEqual({ hits: 3, misses: 2, parses: 2, evictions: 0 });
  });

  it('is found again under its new name when a link follows it', () => {
    const path = fileOf('text');
    const link = join(temporaryDirectory(), 'link');
    symlinkSync(path, link);
    const cache = textCache();
    cache.getSync(link);
    renameSync(path, `${path}.moved`);
    rmSync(link);
    symlinkSync(`${path}.moved`, link);
    expect(cache.getSync(link)).toBe('text');
    writeFileSync(`${path}.moved`, 'news');
    expect(cache.getSync(link)).toBe('news');
  });

  it('may be a directory, once its names have been the same for a while', async () => {
    const directory = temporaryDirectory();
    const cache = new FileCache({ read: (path) => readdirSync(path) });
    await until(() => cache.getSync(directory).length === 0 && cache.stats().hits > 0, 'the directory to be kept');
    writeFileSync(join(directory, 'new'), '');
    expect(cache.getSync(directory)).toEqual(['new']);
  });

  it('may be too long to be compared while it is young', async () => {
    const path = fileOf('x'.repeat(2_000_000));
    const cache = textCache();
    await until(() => cache.getSync(path) !== '' && cache.stats().hits > 0, 'the file to be kept');
    appendFileSync(path, 'y');
    expect(cache.getSync(path)).toHaveLength(2_000_001);
  });
});

describe('many readers', () => {
  it('at the same time have a file read once', async () => {
    const path = fileOf('{"a":[1]}');
    const cache = jsonCache();
    const values = await Promise.all(Array.from({ length: 16 }, () => cache.get(path)));
    expect(new Set(values).size).toBe(1);
    expect(cache.stats()).toEqual({ hits: 0, misses: 16, parses: 1, evictions: 0 });
  });

  it('have different files read side by side', async () => {
    const paths = [fileOf('1'), fileOf('2'), fileOf('3')];
    const gate = Promise.withResolvers<void>();
    let underWay = 0;
    const cache = new FileCache({
      async read(path) {
        underWay += 1;
        if (underWay === paths.length) gate.resolve();
        // Nobody gets further before all of them have begun.
        await gate.promise;
        return readFile(path, 'utf8');
      },
    });
    expect(await Promise.all(paths.map((path) => cache.get(path)))).toEqual(['1', '2', '3']);
  });

  it('never get what was read before the file was as they saw it', async () => {
    const path = fileOf('old');
    const [read, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const cache = new FileCache({
      async read(file) {
        const text = await readFile(file, 'utf8');
        read.resolve();
        await gate.promise;
        return text;
      },
    });
    const early = cache.get(path);
    await read.promise;
    writeFileSync(path, 'new');
    const late = cache.get(path);
    gate.resolve();
    expect([await early, await late, await cache.get(path)]).toEqual(['old', 'new', 'new']);
    expect(cache.stats()).toEqual({ hits: 1, misses: 2, parses: 2, evictions: 0 });
  });

  it('cannot change what the others get', async () => {
    const path = fileOf('{"list":[{"a":1}]}');
    const cache = new FileCache({ read: (): { list: { a: number }[] } => ({ list: [{ a: 1 }] }) });
    const value = await cache.get(path);
    expect(() => value.list.push({ a: 2 })).toThrow(TypeError);
    expect(() => Object.assign(value.list[0] ?? {}, { a: 3 })).toThrow(TypeError);
    expect(await cache.get(path)).toEqual({ list: [{ a: 1 }] });
  });

  it('share a failure, and no later one does', async () => {
    const path = fileOf('{');
    const cache = jsonCache();
    const failures = await Promise.allSettled(Array.from({ length: 4 }, () => cache.get(path)));
    expect(new Set(failures.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(cache.stats()).toMatchObject({ misses: 4, parses: 1 });
    writeFileSync(path, '{}');
    expect(await cache.get(path)).toEqual({});
  });

  it('are told what is no value that can be shared', async () => {
    const cache = new FileCache({ read: (path) => readFile(path) });
    await expect(cache.get(fileOf('text'))).rejects.toThrow(/Uint8Array/);
  });
});

describe('what went wrong', () => {
  it('is thrown each time, and never kept', () => {
    const path = fileOf('text');
    let isBroken = true;
    const cache = new FileCache({
      read() {
        if (isBroken) throw new Error('broken');
        return 'read';
      },
    });
    expect(() => cache.getSync(path)).toThrow('broken');
    expect(() => cache.getSync(path)).toThrow('broken');
    isBroken = false;
    expect([cache.getSync(path), cache.getSync(path)]).toEqual(['read', 'read']);
    expect(cache.stats()).toEqual({ hits: 1, misses: 3, parses: 3, evictions: 0 });
  });

  it('is not that a file is gone: its reader says what that means, and nothing of it stays', async () => {
    const path = fileOf('{}');
    const cache = jsonCache();
    await cache.get(path);
    rmSync(path);
    await expect(cache.get(path)).rejects.toMatchObject({ code: 'ENOENT' });
    const absent = new FileCache({ read: () => 'absent' });
    expect([absent.getSync(path), absent.getSync(path), absent.stats().parses]).toEqual(['absent', 'absent', 2]);
    writeFileSync(path, '{"new":1}');
    expect(await cache.get(path)).toEqual({ new: 1 });
  });

  it('is no file that changes while it is read, which is given and not kept', () => {
    const path = fileOf('a');
    const cache = new FileCache({
      read(file) {
        appendFileSync(file, 'b');
        return 'as it was';
      },
    });
    expect([cache.getSync(path), cache.getSync(path)]).toEqual(['as it was', 'as it was']);
    expect(cache.stats()).toMatchObject({ hits: 0, parses: 2 });
  });

  it('is no file that was replaced, or removed with its directory, while it was read', () => {
    const directory = join(temporaryDirectory(), 'directory');
    mkdirSync(directory);
    const path = join(directory, 'file');
    writeFileSync(path, 'text');
    writeFileSync(join(directory, 'next'), 'text');
    const ends = [() => renameSync(join(directory, 'next'), path), () => rmSync(directory, { recursive: true })];
    const cache = new FileCache({
      read() {
        ends.shift()?.();
        return 'a good reading';
      },
    });
    for (const _ of [1, 2]) expect(cache.getSync(path)).toBe('a good reading');
    expect(cache.stats()).toMatchObject({ hits: 0, parses: 2 });
  });

  it('is to ask at once for what is read in the background', async () => {
    const cache = jsonCache();
    expect(() => cache.getSync(fileOf('{}'))).toThrow(TypeError);
    expect(() => cache.getSync(fileOf('{'))).toThrow(TypeError);
  });
});

describe('a cache', () => {
  it('serves 200 of 201 files that are read round by round', () => {
    const directory = temporaryDirectory();
    const paths = Array.from({ length: 201 }, (_, i) => join(directory, `${i}`));
    for (const path of paths) writeFileSync(path, path);
    const cache = textCache();
    for (const _ of [1, 2, 3, 4]) for (const path of paths) expect(cache.getSync(path)).toBe(path);
    expect(cache.stats()).toEqual({ hits: 600, misses: 204, parses: 204, evictions: 0 });
  });

  it('can be made smaller, and be emptied', () => {
    const paths = [fileOf('a'), fileOf('b'), fileOf('c')];
    const cache = textCache();
    const ask = (): number => {
      const before = cache.stats().hits;
      for (const path of paths) cache.getSync(path);
      return cache.stats().hits - before;
    };
    expect([ask(), ask()]).toEqual([0, 3]);
    cache.setMaxEntries(2);
    expect([ask(), cache.stats().evictions]).toEqual([2, 1]);
    cache.clear();
    expect([ask(), ask()]).toEqual([0, 2]);
    cache.setMaxEntries(0);
    expect([ask(), ask(), cache.stats().evictions]).toEqual([0, 0, 3]);
  });

  it('forgets what was being read when it was emptied', async () => {
    const path = fileOf('{}');
    const cache = jsonCache();
    const early = cache.get(path);
    cache.clear();
    await Promise.all([early, cache.get(path)]);
    expect(cache.stats()).toMatchObject({ hits: 0, parses: 2 });
    await cache.get(path);
    expect(cache.stats()).toMatchObject({ hits: 1, parses: 2 });
  });

  it('that is switched off, or too small for a file, reads it each time', () => {
    const path = fileOf('text');
    for (const bounds of [{ maxEntries: 0 }, { maxBytes: 0 }, { maxBytes: 3 }, { maxBytes: 9, weigh: () => 10 }]) {
      const cache = textCache(bounds);
      expect([cache.getSync(path), cache.getSync(path), cache.stats().parses]).toEqual(['text', 'text', 2]);
    }
    const large = textCache({ maxBytes: 4 });
    expect([large.getSync(path), large.getSync(path), large.stats().parses]).toEqual(['text', 'text', 1]);
  });

  it.each([-1, 1.5, Number.NaN])('has no bound of %s', (bound) => {
    expect(() => textCache({ maxEntries: bound })).toThrow(RangeError);
    expect(() => textCache({ maxBytes: bound })).toThrow(RangeError);
    expect(() => textCache().setMaxEntries(bound)).toThrow(RangeError);
  });

  it('remembers no more names than it has use for', () => {
    const path = fileOf('text');
    const cache = textCache();
    for (let i = 0; i < 1_000; i += 1) expect(cache.getSync(`${dirname(path)}/${'./'.repeat(i % 7)}file`)).toBe('text');
    const links = Array.from({ length: 200 }, (_, i) => `${path}.${i}`);
    for (const link of links) symlinkSync(path, link);
    for (const _ of [1, 2]) for (const link of links) expect(cache.getSync(link)).toBe('text');
    expect(cache.stats().parses).toBe(1);
  });
});
