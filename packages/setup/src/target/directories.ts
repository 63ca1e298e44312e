import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '@csa/session';

/** The directories that writing to a file in this one makes, the outermost first. */
export function missingDirectories(path: string): string[] {
  if (dirname(path) === path || statSync(path, { throwIfNoEntry: false }) !== undefined) return [];
  return [...missingDirectories(dirname(path)), path];
}

/** Like mkdir -p, but it tells what it has made. */
export function makeDirectories(path: string, made: string[]): void {
  try {
    mkdirSync(path);
    made.push(path);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeDirectories(dirname(path), made);
    makeDirectories(path, made);
  }
}

/** What somebody else has put something into stays, and what is not there is no trouble. */
export function removeEmpty(made: readonly string[]): void {
  for (const directory of made.toReversed()) {
    try {
      rmdirSync(directory);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') return;
    }
  }
}
