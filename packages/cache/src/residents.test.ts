import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Residents } from './residents.ts';

const ROOM = { maxEntries: 3, maxBytes: 100 };

/** As a cache asks: gives whether it was kept. */
function ask(residents: Residents<string>, key: string, weight = 1): boolean {
  if (residents.peek(key) === undefined) {
    residents.offer(key, key, weight);
    return false;
  }
  residents.touch(key);
  return true;
}

const kept = (residents: Residents<string>, keys: string): string =>
  Array.from(keys, (key) => residents.peek(key) ?? '').join('');

describe('what is kept', () => {
  it('is everything as long as there is room', () => {
    const residents = new Residents<string>(ROOM);
    for (const key of 'abc') ask(residents, key);
    expect([kept(residents, 'abc'), residents.evictions]).toEqual(['abc', 0]);
  });

  it('is not flushed by a scan, however long it is', () => {
    const residents = new Residents<string>(ROOM);
    for (const key of 'abc') ask(residents, key);
    for (let i = 0; i < 10_000; i += 1) ask(residents, `scanned ${i}`);
    expect([kept(residents, 'abc'), residents.evictions]).toEqual(['abc', 0]);
  });

  it('stays while one file more than there is room for is read round by round', () => {
    const residents = new Residents<number>({ maxEntries: 200, maxBytes: 1e9 });
    const round = (): number => {
      let hits = 0;
      for (let i = 0; i < 201; i += 1) {
        if (residents.peek(`${i}`) === undefined) residents.offer(`${i}`, i, 1);
        else {
          residents.touch(`${i}`);
          hits += 1;
        }
      }
      return hits;
    };
    expect([round(), round(), round(), round()]).toEqual([0, 200, 200, 200]);
    expect(residents.evictions).toBe(0);
  });

  it('gives way to what is asked for again, the oldest first', () => {
    const residents = new Residents<string>(ROOM);
    for (const key of 'abcxya') ask(residents, key);
    expect(kept(residents, 'abcxy')).toBe('abc');
    ask(residents, 'x');
    expect([kept(residents, 'abcxy'), residents.evictions]).toEqual(['acx', 1]);
    ask(residents, 'y');
    expect([kept(residents, 'abcxy'), residents.evictions]).toEqual(['axy', 2]);
  });

  it('is a whole new working set after its second round', () => {
    const residents = new Residents<string>(ROOM);
    for (const key of 'abcabcxyzxyz') ask(residents, key);
    expect(kept(residents, 'abcxyz')).toBe('xyz');
  });

  it('is changed in its place', () => {
    const residents = new Residents<string>(ROOM);
    for (const key of 'abc') ask(residents, key);
    residents.offer('b', 'B', 1);
    expect([kept(residents, 'abc'), residents.size, residents.evictions]).toEqual(['aBc', 3, 0]);
  });

  it('is never heavier than allowed, and one that is too heavy flushes nothing', () => {
    const residents = new Residents<string>(ROOM);
    ask(residents, 'a', 60);
    ask(residents, 'b', 101);
    ask(residents, 'b', 101);
    ask(residents, 'c', 40);
    expect(kept(residents, 'abc')).toBe('ac');
    ask(residents, 'd', 50);
    ask(residents, 'd', 50);
    expect([kept(residents, 'abcd'), residents.evictions]).toEqual(['cd', 1]);
  });

  it('may be nothing at all', () => {
    for (const bounds of [
      { ...ROOM, maxEntries: 0 },
      { ...ROOM, maxBytes: 0 },
    ]) {
      const residents = new Residents<string>(bounds);
      expect([ask(residents, 'a', 0), ask(residents, 'a', 0), residents.size]).toEqual([false, false, 0]);
    }
  });

  it('shrinks to a smaller bound, the oldest first', () => {
    const residents = new Residents<string>(ROOM);
    for (const key of 'abca') ask(residents, key);
    residents.setMaxEntries(1);
    expect([kept(residents, 'abc'), residents.evictions]).toEqual(['a', 2]);
    residents.setMaxEntries(2);
    ask(residents, 'b');
    expect(kept(residents, 'abc')).toBe('ab');
  });

  it('is forgotten with all that was turned away', () => {
    const residents = new Residents<string>(ROOM);
    for (const key of 'abcx') ask(residents, key);
    residents.clear();
    for (const key of 'abcx') ask(residents, key);
    expect([kept(residents, 'abcx'), residents.evictions]).toEqual(['abc', 0]);
  });

  it('is never more than the bounds allow, and whatever it was, a new working set gets in', () => {
    const question = fc.record({ key: fc.constantFrom(...'abcdefgh'), weight: fc.integer({ min: 0, max: 60 }) });
    fc.assert(
      fc.property(fc.array(question, { maxLength: 200 }), (questions) => {
        const residents = new Residents<string>(ROOM);
        const weights = new Map<string, number>();
        for (const { key, weight } of questions) {
          if (!ask(residents, key, weight)) weights.set(key, weight);
          const there = [...'abcdefgh'].filter((name) => residents.peek(name) !== undefined);
          expect(there).toHaveLength(residents.size);
          expect(there.length).toBeLessThanOrEqual(ROOM.maxEntries);
          expect(there.reduce((sum, name) => sum + (weights.get(name) ?? 0), 0)).toBeLessThanOrEqual(ROOM.maxBytes);
        }
        for (const _ of [1, 2]) for (const key of 'xyz') ask(residents, key, 1);
        expect(kept(residents, 'xyz')).toBe('xyz');
      }),
    );
  });
});

describe('a bound', () => {
  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '3' as never])('is not %s', (bound) => {
    expect(() => new Residents({ ...ROOM, maxEntries: bound })).toThrow(RangeError);
    expect(() => new Residents({ ...ROOM, maxBytes: bound })).toThrow(RangeError);
    const residents = new Residents<string>(ROOM);
    ask(residents, 'a');
    expect(() => residents.setMaxEntries(bound)).toThrow(RangeError);
    expect(kept(residents, 'a')).toBe('a');
  });
});

it.each([-1, Number.NaN])('nothing weighs %s', (weight) => {
  expect(() => new Residents<string>(ROOM).offer('a', 'a', weight)).toThrow(RangeError);
});
