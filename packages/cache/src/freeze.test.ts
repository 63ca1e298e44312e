import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepFreeze } from './freeze.ts';

const SYMBOL: unique symbol = Symbol('s');

describe('a frozen value', () => {
  it('is itself, and cannot be changed at any depth', () => {
    const value = { list: [{ a: 1 }], nothing: null, [SYMBOL]: { b: 2 } };
    expect(deepFreeze(value)).toBe(value);
    expect(() => Object.assign(value, { more: 1 })).toThrow(TypeError);
    expect(() => value.list.push({ a: 2 })).toThrow(TypeError);
    expect(() => Object.assign(value.list[0] ?? {}, { a: 2 })).toThrow(TypeError);
    expect(() => Object.assign(value[SYMBOL], { b: 3 })).toThrow(TypeError);
  });

  it('may be a Map or a Set, whose methods that change them throw', () => {
    const map = deepFreeze(new Map([[{ key: 1 }, [1]]]));
    const set = deepFreeze(new Set([[1]]));
    for (const change of [
      () => map.set({ key: 2 }, []),
      () => map.delete([...map.keys()][0] as never),
      () => map.clear(),
      () => set.add([]),
      () => set.delete([]),
      () => set.clear(),
      () => [...map.values()][0]?.push(2),
      () => Object.assign([...map.keys()][0] ?? {}, { key: 2 }),
      () => [...set][0]?.push(2),
    ]) {
      expect(change).toThrow(TypeError);
    }
    expect([[...map], [...set]]).toEqual([[[{ key: 1 }, [1]]], [[1]]]);
  });

  it('may hold itself, and be nested deeper than any stack', () => {
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(Object.isFrozen(deepFreeze(ring))).toBe(true);
    let deep: unknown[] = [];
    const bottom = deep;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    deepFreeze(deep);
    expect(Object.isFrozen(bottom)).toBe(true);
  });

  it('is frozen below what somebody else has frozen', () => {
    const inner = { a: 1 };
    deepFreeze(Object.freeze({ inner }));
    expect(Object.isFrozen(inner)).toBe(true);
  });

  it('is any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(deepFreeze(structuredClone(value))).toEqual(value);
      }),
    );
  });

  it.each<[string, unknown]>([
    ['a Buffer', Buffer.from('text')],
    ['a Date', new Date()],
    ['a class', new (class Own {})()],
    ['a Map of its own kind', new (class extends Map {})()],
    ['a Set of its own kind', new (class extends Set {})()],
    ['an array of its own kind', new (class extends Array {})()],
    ['a function', () => 1],
    ['a promise', Promise.resolve(1)],
    [
      'an accessor',
      {
        get now() {
          return [];
        },
      },
    ],
  ])('is never %s', (_, value) => {
    expect(() => deepFreeze({ list: [value] })).toThrow(TypeError);
    // And not the second time either.
    expect(() => deepFreeze({ list: [value] })).toThrow(TypeError);
  });
});
