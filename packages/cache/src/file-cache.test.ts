import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { expect, it } from 'vitest';
import { FileCache } from './file-cache.ts';

it('reads a file once as long as it is the same', async () => {
  const path = join(temporaryDirectory(), 'a.json');
  writeFileSync(path, '{"a":1}');
  const cache = new FileCache({ read: async (file) => JSON.parse(await readFile(file, 'utf8')) });
  const values = await Promise.all(Array.from({ length: 16 }, () => cache.get(path)));
  expect(new Set(values).size).toBe(1);
  expect(await cache.get(path)).toBe(values[0]);
  expect(cache.stats()).toEqual({ hits: 1, misses: 16, parses: 1, evictions: 0 });
  const sync = new FileCache({ read: (file) => JSON.parse(readFileSync(file, 'utf8')) });
  expect(sync.getSync(path)).toBe(sync.getSync(path));
});
