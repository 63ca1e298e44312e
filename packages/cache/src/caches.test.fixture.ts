import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import type { CacheOptions } from './cache-options.ts';
import { FileCache } from './file-cache.ts';
import type { LineReader } from './line-reader.ts';

/** A cache of texts. */
export function textCache(bounds: Partial<CacheOptions<string>> = {}): FileCache<string> {
  return new FileCache<string>({ ...bounds, read: (path) => readFileSync(path, 'utf8') } as CacheOptions<string>);
}

/** A cache of JSON values, read in the background. */
export function jsonCache(): FileCache<{ [key: string]: unknown }> {
  return new FileCache({ read: async (path) => JSON.parse(await readFile(path, 'utf8')) });
}

/** A new file in a directory of its own. */
export function fileOf(text: string, name = 'file'): string {
  const path = join(temporaryDirectory(), name);
  writeFileSync(path, text);
  return path;
}

/** All lines, with their offsets; a torn one has none. */
export const ALL_LINES: LineReader<readonly string[], readonly string[]> = {
  begin(known = []) {
    const lines = [...known];
    return {
      take: (line, at) => lines.push(`${at} ${line}`),
      end: (from, torn) => ({ value: torn === undefined ? lines : [...lines, `torn ${torn}`], state: lines, from }),
    };
  },
};

/** What a first reading of the whole file gives. */
export function linesOf(path: string): readonly string[] {
  return new FileCache({ lines: ALL_LINES }).getSync(path);
}
