import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from './refusal.ts';

/** st_blocks counts these, whatever the file system's own blocks are (stat(2)). */
const BLOCK_BYTES = 512;

/**
 * The bytes that a directory takes on the disk, with all that is in it; a file of several names counts once, symbolic
 * links are not followed. What cannot be read, or goes meanwhile, counts nothing.
 */
export function treeSize(directory: string, counted: Set<string> = new Set()): number {
  try {
    const { blocks, dev, ino } = lstatSync(directory);
    const key = `${dev} ${ino}`;
    if (counted.has(key)) return 0;
    counted.add(key);
    const own = (blocks ?? 0) * BLOCK_BYTES;
    return namesIn(directory).reduce((sum, name) => sum + treeSize(join(directory, name), counted), own);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return 0;
  }
}

function namesIn(path: string): string[] {
  return lstatSync(path).isDirectory() ? readdirSync(path) : [];
}
