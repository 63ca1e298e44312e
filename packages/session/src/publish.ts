import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { FILE_MODE, removeQuietly, syncDirectory, writeDurably, writeWhole } from './atomic-write.ts';
import { errnoOf } from './refusal.ts';
import { formatResult, RESULT_FILE, type SessionResult } from './result.ts';
import type { Session } from './session.ts';

/** The room for result.toml, taken when the session starts, so that a full disk cannot swallow the result. */
const RESERVATION_FILE = '.result.reserved';
const RESERVED_BYTES = 32 * 1024;

/** `already-there`: somebody else's result came first and wins; ours stays as the reservation. */
export type Publication = 'published' | 'already-there';

const NO_LINK = new Set(['ENOSPC', 'EDQUOT', 'EPERM', 'EMLINK', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS', 'EXDEV']);

const PASSING = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EIO', 'EINTR', 'EAGAIN']);

/** @throws a system error */
export function reserveResult(directory: string): void {
  // Not zeros: a compressing file system would keep no room for them.
  let filler = '';
  for (let i = 0; filler.length < RESERVED_BYTES; i += 1) filler += `${Math.imul(i, 2654435761) >>> 0}\n`;
  writeDurably(join(directory, RESERVATION_FILE), filler);
}

/**
 * Publishes result.toml exactly once: takes the reservation, fills it, fsync, link (which never replaces), fsync of
 * the directory. When it returns the result survives a power cut, where the directory can be synced.
 * @throws a system error: nothing was published
 */
export function publishResult(session: Session, result: SessionResult): Publication {
  const text = formatResult(result);
  const reserved = join(session.directory, RESERVATION_FILE);
  const published = join(session.directory, RESULT_FILE);
  const taken = takeReservation(session.directory, reserved);
  let publication: Publication | undefined;
  try {
    fill(taken, text);
    publication = linkOrRename(taken, published);
  } finally {
    if (publication === 'published') removeQuietly(taken);
    else renameQuietly(taken, reserved);
  }
  syncDirectory(session.directory);
  return publication;
}

/**
 * Under a name of its own the room has one writer only: who opens the shared name while somebody else links it would
 * write into a published result. The new name is as long as the old one and so fits into a full directory.
 */
function takeReservation(directory: string, reserved: string): string {
  const taken = join(directory, `.result.${randomBytes(4).toString('hex')}`);
  try {
    renameSync(reserved, taken);
  } catch (error) {
    // A result under risk of a second publisher is better than none.
    if (errnoOf(error) !== 'ENOENT') return reserved;
  }
  return taken;
}

/** Writes into the room that was reserved; whatever else stands there is removed and a new file written. */
function fill(path: string, text: string): void {
  const fd = openRoom(path);
  if (fd === undefined) {
    rmSync(path, { recursive: true, force: true });
    writeDurably(path, text);
    return;
  }
  try {
    fchmodSync(fd, FILE_MODE);
    ftruncateSync(fd, writeWhole(fd, text));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** `undefined` unless it is a regular file with this one name: a second one may be a published result. */
function openRoom(path: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    // Our own trouble passes: to give the room up for it would cost the result on a full disk.
    if (errnoOf(error) === undefined || PASSING.has(errnoOf(error) ?? '')) throw error;
    return undefined;
  }
  const stat = fstatSync(fd);
  if (stat.isFile() && stat.nlink === 1) return fd;
  closeSync(fd);
  return undefined;
}

function linkOrRename(taken: string, published: string): Publication {
  try {
    linkSync(taken, published);
    return 'published';
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return 'already-there';
    if (!NO_LINK.has(errnoOf(error) ?? '')) throw error;
  }
  if (lstatSync(published, { throwIfNoEntry: false }) !== undefined) return 'already-there';
  renameSync(taken, published);
  return 'published';
}

function renameQuietly(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    // Our own record stays under the other name; the outcome is decided.
  }
}
