// Reads the lines of a file as a process of its own: line-shelf.test.fixture.ts FILE SHELF. Prints what it was told, and
// the value.
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { FileCache } from './file-cache.ts';
import type { Shelf } from './shelf.ts';

const [, , path = '', place = ''] = argv;
const told: string[] = [];

/** A shelf for one file. */
const shelf: Shelf = {
  take: () => JSON.parse(readFileSync(place, 'utf8')),
  put: (_, image) => writeFileSync(place, JSON.stringify(image)),
};

const cache = new FileCache<readonly string[]>({
  lines: {
    begin(known: readonly string[] = []) {
      const lines = [...known];
      return {
        take: (line: string) => {
          told.push(line);
          lines.push(line);
        },
        end: (from: number, torn: string | undefined) => ({ value: [...lines, ...(torn ?? '')], state: lines, from }),
      };
    },
  },
  shelving: { shelf, load: (image) => image as never },
});
const value = cache.getSync(path);
stdout.write(JSON.stringify({ told, value }));
