import { lstatSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import type { RecordPlace } from './reading.ts';
import { errnoOf, Refusal } from './refusal.ts';
import { isSessionId, type SessionId } from './session-id.ts';

/** One session's directory, and which one it was when it was opened. */
export interface Session {
  readonly id: SessionId;
  readonly directory: string;
  /** Device and inode of the directory: another directory under the same name is another session. */
  readonly device: bigint;
  readonly inode: bigint;
  readonly owner: number;
}

/**
 * Opens a directory as the session `id`; `undefined` when there is none. Symbolic links are not followed.
 * @throws a system error where that cannot be told
 */
export function openSessionDirectory(directory: string, id: SessionId): Session | undefined {
  const stat = lstatSync(directory, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return undefined;
  return { id, directory, device: stat.dev, inode: stat.ino, owner: Number(stat.uid) };
}

/**
 * Opens the session directory that a user named.
 * @throws Refusal reason=not-found | invalid-directory
 */
export function openNamedDirectory(path: string): Session {
  const directory = realDirectory(path);
  const name = basename(directory);
  const session = isSessionId(name) ? openSessionDirectory(directory, name) : undefined;
  if (session !== undefined) return session;
  throw new Refusal({
    reason: 'invalid-directory',
    what: 'not a session directory',
    expected: 'a directory named by a session id',
    got: path,
    next: 'Name the directory that SESSION_STARTED or `csa session status` prints',
  });
}

/**
 * Whether the directory is still the one that was opened: neither removed nor replaced.
 * @throws a system error where that cannot be told: trouble in looking (EACCES, ELOOP above it) proves neither
 */
export function isStillThere(session: Session): boolean {
  const now = openSessionDirectory(session.directory, session.id);
  return now !== undefined && now.device === session.device && now.inode === session.inode;
}

export function recordPlace({ directory, owner }: Session, name: string): RecordPlace {
  // join() takes longer for a path than the kernel does.
  return { path: `${directory}/${name}`, owner };
}

function realDirectory(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    const isAbsent = errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR';
    throw new Refusal({
      reason: isAbsent ? 'not-found' : 'invalid-directory',
      what: 'the session directory cannot be opened',
      expected: 'an existing directory',
      got: `${path} (${errnoOf(error)})`,
      next: 'Check the path, or name the session by its id',
      command: ['session', 'list'],
    });
  }
}
