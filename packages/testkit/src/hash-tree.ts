import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The sha256 (hex) of all that can be seen of a directory without changing it: the sorted relative names, types, modes,
 * sizes, modification times in nanoseconds and bytes, the directory itself included. FIFOs, sockets and devices count
 * by name and type only.
 */
export function hashTree(directory: string): string {
  const hash = createHash('sha256');
  const names = ['', ...readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()];
  for (const name of names) {
    const path = join(directory, name);
    const stats = lstatSync(path, { bigint: true });
    const type = typeOf(stats);
    hash.update(`${JSON.stringify(name)} ${type}\0`);
    if (type === 'other') continue;
    hash.update(`${stats.mode} ${stats.size} ${stats.mtimeNs}\0`);
    if (type === 'file') hash.update(readFileSync(path));
    if (type === 'link') hash.update(readlinkSync(path));
  }
  return hash.digest('hex');
}

function typeOf(stats: BigIntStats): 'file' | 'directory' | 'link' | 'other' {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
