import { symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fileOf } from './caches.test.fixture.ts';
import { KnownKeys, realPathOf } from './known-keys.ts';

it('what a name has led to is known until there are too many names', () => {
  const keys = new KnownKeys();
  keys.note('name', 'key', 0);
  keys.note('name', 'other', 0);
  expect(keys.of('name')).toBe('other');
  for (let i = 0; i < 63; i += 1) keys.note(`${i}`, 'key', 0);
  expect(keys.of('name')).toBe('other');
  keys.note('one more', 'key', 0);
  expect([keys.of('name'), keys.of('one more')]).toEqual([undefined, 'key']);
});

it('a thousand names of as many files are known', () => {
  const keys = new KnownKeys();
  for (let i = 0; i < 1_000; i += 1) keys.note(`${i}`, `${i}`, i);
  expect([keys.of('0'), keys.of('999')]).toEqual(['0', '999']);
  keys.clear();
  expect(keys.of('0')).toBeUndefined();
});

it('a real path is that of a file that is there', () => {
  const path = fileOf('');
  symlinkSync(path, `${path}.link`);
  symlinkSync(`${path}.loop`, `${path}.loop`);
  expect(realPathOf(`${path}.link`)).toBe(path);
  for (const name of ['/nowhere', `${path}/below`, `${path}.loop`, 'x'.repeat(5_000)]) {
    expect(realPathOf(name)).toBeUndefined();
  }
});
