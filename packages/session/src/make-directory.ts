import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DIRECTORY_MODE } from './atomic-write.ts';
import { errnoOf } from './refusal.ts';

/** Makes a directory and all above it that is not there. @throws a system error that says what is in the way */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: DIRECTORY_MODE });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    // So a recursive mkdir calls a disk that is read-only, too; one by one it says what it is.
    makeParents(path);
  }
}

/** One by one: under a umask of 0777 a recursive mkdir(2) could not enter what it has just made. */
export function makeParents(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeParents(dirname(path));
  try {
    makePrivateDirectory(path);
  } catch (error) {
    // Another start was faster; what else stands there is found out by the next step.
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { mode: DIRECTORY_MODE });
  chmodSync(path, DIRECTORY_MODE);
}
