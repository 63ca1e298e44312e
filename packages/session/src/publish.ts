import { closeSync, constants, fsyncSync, ftruncateSync, linkSync, lstatSync, openSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeQuietly, syncDirectory, writeDurably, writeWhole } from './atomic-write.ts';
import { errnoOf } from './refusal.ts';
import { formatResult, RESULT_FILE, type SessionResult } from './result.ts';
import { recordPlace, type Session } from './session.ts';

/** The room for result.toml, taken when the session starts, so that a full disk cannot swallow the result. */
const RESERVATION_FILE = '.result.reserved';
const RESERVED_BYTES = 32 * 1024;

/** `already-there`: somebody else's result came first and wins; ours stays as the reservation. */
export type Publication = 'published' | 'already-there';

// EDQUOT has no name in Node on Linux: its number is compared.
const EDQUOT_ERRNO = -122;
const NO_LINK = new Set(['ENOSPC', 'EDQUOT', 'EPERM', 'EMLINK', 'EOPNOTSUPP', 'ENOTSUP', 'ENOSYS']);

/** @throws a system error */
export function reserveResult(directory: string): void {
  // Not zeros: a compressing file system would keep no room for them.
  let filler = '';
  for (let i = 0; filler.length < RESERVED_BYTES; i += 1) filler += `${Math.imul(i, 2654435761) >>> 0}\n`;
  writeDurably(join(directory, RESERVATION_FILE), filler);
}

/**
 * Publishes result.toml exactly once: fills the reservation, fsync, link (which never replaces), fsync of the
 * directory. When it returns the result survives a power cut.
 * @throws a system error: nothing was published
 */
export function publishResult(session: Session, result: SessionResult): Publication {
  const reserved = recordPlace(session, RESERVATION_FILE).path;
  const published = recordPlace(session, RESULT_FILE).path;
  fillReservation(reserved, formatResult(result));
  const publication = linkOrRename(reserved, published);
  syncDirectory(dirname(published));
  if (publication === 'published') removeQuietly(reserved);
  return publication;
}

function fillReservation(path: string, text: string): void {
  let fd: number;
  try {
    fd = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    writeDurably(path, text);
    return;
  }
  try {
    ftruncateSync(fd, writeWhole(fd, text));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function linkOrRename(reserved: string, published: string): Publication {
  try {
    linkSync(reserved, published);
    return 'published';
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return 'already-there';
    const cannotLink = NO_LINK.has(errnoOf(error) ?? '') || (error as NodeJS.ErrnoException).errno === EDQUOT_ERRNO;
    if (!cannotLink) throw error;
  }
  if (lstatSync(published, { throwIfNoEntry: false }) !== undefined) return 'already-there';
  renameSync(reserved, published);
  return 'published';
}
