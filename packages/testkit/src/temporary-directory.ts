import { chmodSync, lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A new empty directory (its real path, mode 0700), removed when the running test is over, read-only parts included.
 *
 * @throws when no test is running (in `beforeAll`, for example)
 */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'csa-test-')));
  onTestFinished(() => removeTree(directory));
  return directory;
}

/** Remove a directory with all that is in it, also when parts of it are read-only or something still writes there. */
export function removeTree(directory: string): void {
  openDirectories(directory);
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}

/** Give the owner back all rights over the directories of a tree, so that it can be listed and removed. */
export function openDirectories(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return;
  if ((stats.mode & 0o700) !== 0o700) chmodSync(path, 0o700);
  for (const name of readdirSync(path)) openDirectories(join(path, name));
}
