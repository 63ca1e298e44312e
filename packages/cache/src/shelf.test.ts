import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileOf } from './caches.test.fixture.ts';
import { FileCache } from './file-cache.ts';
import type { Shelf } from './shelf.ts';

/** What a file holds, in capitals. */
type Loud = { readonly text: string };

class MemoryShelf implements Shelf {
  readonly images = new Map<string, string>();

  take(key: string): unknown {
    const image = this.images.get(key);
    return image === undefined ? undefined : JSON.parse(image);
  }

  put(key: string, image: unknown): void {
    this.images.set(key, JSON.stringify(image));
  }
}

function loudCache(shelf: Shelf): FileCache<Loud> {
  return new FileCache({
    read: (path) => ({ text: readFileSync(path, 'utf8').toUpperCase() }),
    shelving: {
      shelf,
      save: ({ text }) => [text],
      load(image) {
        if (!Array.isArray(image) || typeof image[0] !== 'string') throw new Error('no image');
        return { text: image[0] };
      },
    },
  });
}

/** What another process would be told: the value, and whether the file had to be read for it. */
function anew(shelf: Shelf, path: string): [string, number] {
  const cache = loudCache(shelf);
  return [cache.getSync(path).text, cache.stats().parses];
}

describe('what lies on a shelf', () => {
  it('is not read again, and kept like what was read', () => {
    const [shelf, path] = [new MemoryShelf(), fileOf('text')];
    expect(anew(shelf, path)).toEqual(['TEXT', 1]);
    const cache = loudCache(shelf);
    expect([cache.getSync(path), cache.getSync(path)]).toEqual([{ text: 'TEXT' }, { text: 'TEXT' }]);
    expect(cache.stats()).toEqual({ hits: 1, misses: 1, parses: 0, evictions: 0 });
    expect(Object.isFrozen(cache.getSync(path))).toBe(true);
  });

  it('counts for nothing once its file has changed', () => {
    const [shelf, path] = [new MemoryShelf(), fileOf('text')];
    anew(shelf, path);
    writeFileSync(path, 'next');
    expect(anew(shelf, path)).toEqual(['NEXT', 1]);
    expect(anew(shelf, path)).toEqual(['NEXT', 0]);
  });

  it('counts for nothing when it is of another file', () => {
    const [shelf, one, other] = [new MemoryShelf(), fileOf('one'), fileOf('two')];
    anew(shelf, one);
    shelf.images.set(other, shelf.images.get(one) ?? '');
    expect(anew(shelf, other)).toEqual(['TWO', 1]);
  });

  it('counts for nothing when it is garbage', () => {
    const [shelf, path] = [new MemoryShelf(), fileOf('text')];
    anew(shelf, path);
    const image = JSON.parse(shelf.images.get(path) ?? '');
    const field = fc.constantFrom(...Object.keys(image));
    const isLoud = (value: unknown): boolean => Array.isArray(value) && typeof value[0] === 'string';
    const garbage = fc.oneof(
      fc.jsonValue(),
      fc.tuple(field, fc.jsonValue()).map(([name, value]) => ({ ...image, [name]: isLoud(value) ? 7 : value })),
      field.map((name) => ({ ...image, [name]: undefined })),
    );
    fc.assert(
      fc.property(garbage, (spoilt) => {
        shelf.images.set(path, JSON.stringify(spoilt));
        expect(anew(shelf, path)[0]).toBe('TEXT');
      }),
    );
  });

  it('is nothing where the shelf throws', () => {
    const path = fileOf('text');
    const broken: Shelf = {
      take() {
        throw new Error('unreadable');
      },
      put() {
        throw new Error('full');
      },
    };
    expect(anew(broken, path)).toEqual(['TEXT', 1]);
  });

  it('serves a cache that keeps nothing itself', () => {
    const [shelf, path] = [new MemoryShelf(), fileOf('text')];
    const cache = new FileCache<string>({
      maxEntries: 0,
      read: (file) => readFileSync(file, 'utf8'),
      shelving: { shelf, load: String },
    });
    expect([cache.getSync(path), cache.getSync(path), cache.stats().parses]).toEqual(['text', 'text', 1]);
  });
});

describe('lines of which a shelf knows', () => {
  const program = fileURLToPath(new URL('./line-shelf.test.fixture.ts', import.meta.url));
  const read = (path: string): unknown =>
    JSON.parse(execFileSync(process.execPath, [program, path, `${path}.shelf`], { encoding: 'utf8' }));

  it('are read on by the next process', () => {
    const path = fileOf('one\n');
    expect(read(path)).toEqual({ told: ['one'], value: ['one'] });
    expect(read(path)).toEqual({ told: [], value: ['one'] });
    appendFileSync(path, 'two\n');
    expect(read(path)).toEqual({ told: ['two'], value: ['one', 'two'] });
    writeFileSync(path, 'other\nand longer\n');
    expect(read(path)).toEqual({ told: ['other', 'and longer'], value: ['other', 'and longer'] });
    writeFileSync(`${path}.shelf`, '{"torn":');
    expect(read(path)).toEqual({ told: ['other', 'and longer'], value: ['other', 'and longer'] });
  });
});
