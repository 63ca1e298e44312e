import { randomBytes } from 'node:crypto';
import { closeSync, constants, fchmodSync, fsyncSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from './refusal.ts';

/** Everything below a session's directory is for its owner alone, whatever the umask. */
export const FILE_MODE = 0o600;
export const DIRECTORY_MODE = 0o700;

/**
 * Replaces a file as a whole: temporary file, fsync, rename, fsync of the directory. A reader sees the old text or
 * the new one, never a part, also after a power cut.
 * @throws a system error; the old file is then untouched and the temporary one gone
 */
export function writeAtomically(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    writeDurably(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  syncDirectory(dirname(path));
}

/** Makes a new file and puts it on the disk. @throws a system error, EEXIST among them; no part of ours then stays */
export function writeDurably(path: string, text: string): void {
  const fd = openSync(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    FILE_MODE,
  );
  try {
    // The umask may have taken bits away.
    fchmodSync(fd, FILE_MODE);
    writeWhole(fd, text);
    fsyncSync(fd);
  } catch (error) {
    removeQuietly(path);
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** write(2) may take a part only: near the end of a full disk it does. Returns the bytes written. */
export function writeWhole(fd: number, text: string): number {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, done);
  return bytes.length;
}

/**
 * Makes names durable: a link or rename is on the disk only when its directory is. It never throws: the name stands,
 * and to call it failed for a directory that cannot be opened or synced would be false.
 */
export function syncDirectory(directory: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
    fsyncSync(fd);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

export function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made, or somebody else cleaned up.
  }
}
