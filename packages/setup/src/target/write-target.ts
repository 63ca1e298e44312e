import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, Refusal, removeQuietly, syncDirectory } from '@csa/session';
import { makeDirectories, removeEmpty } from './directories.ts';
import { readTarget, type Target } from './read-target.ts';
import { temporaryFor } from './temporary.ts';

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Replaces a configuration file as a whole, its mode and owner kept and links followed; one that was not there is made,
 * with the directories above it. Readers see the old text or the new one.
 * @param newMode of a file that was not there; the umask is taken from it
 * @throws Refusal reason=changed-meanwhile | read-only | unwritable | disk-full; the file is then as it was
 */
export function writeTarget(target: Target, bytes: Uint8Array, newMode = 0o666): void {
  if (target.kind === 'file') refuseReadOnly(target);
  const made: string[] = [];
  try {
    makeDirectories(dirname(target.path), made);
    put(target, bytes, newMode);
  } catch (error) {
    removeEmpty(made);
    throw refusal(error, target.path);
  }
}

/** Removes a file that setup made. @throws Refusal */
export function removeTarget(target: Target & { kind: 'file' }, made: readonly string[]): void {
  try {
    refuseChanged(target);
    unlinkSync(target.real);
    removeEmpty(made);
  } catch (error) {
    throw refusal(error, target.path);
  }
}

/** As root, too: who made a file read-only wants it to stay as it is. @throws Refusal reason=read-only */
export function refuseReadOnly({ path, stats }: Target & { kind: 'file' }): void {
  if ((stats.mode & 0o222) !== 0) return;
  throw new Refusal({
    reason: 'read-only',
    what: `${path} is left alone`,
    expected: 'a file that may be written',
    got: `mode ${(stats.mode & 0o777).toString(8)}`,
    next: 'Write the lines there yourself, or make it writable and try again',
  });
}

function put(target: Target, bytes: Uint8Array, newMode: number): void {
  const path = target.kind === 'file' ? target.real : target.path;
  const temporary = temporaryFor(target);
  try {
    writeTemporary(openSync(temporary, NEW, newMode), bytes, target);
    refuseChanged(target);
    if (target.kind === 'file') renameSync(temporary, path);
    // A link, unlike a rename, replaces nothing.
    else linkSync(temporary, path);
  } finally {
    removeQuietly(temporary);
  }
  syncDirectory(dirname(path));
}

function writeTemporary(fd: number, bytes: Uint8Array, target: Target): void {
  try {
    if (target.kind === 'file') {
      fchmodSync(fd, 0o600);
      fchownSync(fd, target.stats.uid, target.stats.gid);
      fchmodSync(fd, target.stats.mode & 0o7777);
    }
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Agents write to their files while they run. */
function refuseChanged(target: Target): void {
  const now = readTarget(target.path);
  const isSame =
    target.kind === 'absent'
      ? now.kind === 'absent'
      : now.kind === 'file' && now.real === target.real && now.bytes.equals(target.bytes);
  if (!isSame) throw changed(target.path);
}

function changed(path: string): Refusal {
  return new Refusal({
    reason: 'changed-meanwhile',
    what: `${path} was changed by somebody else at this moment`,
    next: 'Try again; it helps to close the agent first',
  });
}

function refusal(error: unknown, path: string): unknown {
  const code = errnoOf(error);
  if (code === undefined) return error;
  if (code === 'EEXIST') return changed(path);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new Refusal({
    reason: isFull ? 'disk-full' : 'unwritable',
    what: `${path} cannot be written`,
    expected: isFull ? 'free space' : 'a file and a directory that this user may change, and whose owner it can keep',
    got: code,
    next: isFull ? 'Free some space, and try again' : 'Write the lines there yourself, or put the permissions right',
    cause: error,
  });
}
