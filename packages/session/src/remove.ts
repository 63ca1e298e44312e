import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DIRECTORY_MODE, syncDirectory } from './atomic-write.ts';
import { errnoOf } from './refusal.ts';
import { isStillThere, openSessionDirectory, type Session } from './session.ts';
import { isSessionId, type SessionId } from './session-id.ts';

export type Removal =
  | { readonly kind: 'removed' }
  /** Somebody else removed it, or replaced it. */
  | { readonly kind: 'gone-already' }
  /** It is held by somebody alive: it stands under its name as before. */
  | { readonly kind: 'held' }
  /** `path`: what stands in the way, or what is left. */
  | { readonly kind: 'failed'; readonly code: string; readonly path: string };

/** Whether anybody alive may still write into the session. */
export type HeldCheck = (session: Session) => Promise<boolean>;

const GONE_NAME = /^\.gone-([0-9A-Z]{26})-[0-9a-f]{12}$/;

/**
 * Removes a session as a whole: renamed away first, so that it is never half there under its own name. Looks at its
 * holder right before and right after the rename, and puts it back if it came to life.
 */
export async function removeSession(session: Session, isHeld: HeldCheck): Promise<Removal> {
  const away = join(dirname(session.directory), `.gone-${session.id}-${randomBytes(6).toString('hex')}`);
  const outcome = await attempt(session.directory, async () => {
    if (!isStillThere(session)) return { kind: 'gone-already' };
    if (await isHeld(session)) return { kind: 'held' };
    renameSync(session.directory, away);
    syncDirectory(dirname(away));
    return undefined;
  });
  return outcome ?? finishRemoval({ id: session.id, directory: away }, isHeld, session);
}

/** The session that a `.gone-...` was; `undefined` for every other name. */
export function goneSessionId(name: string): SessionId | undefined {
  const id = GONE_NAME.exec(name)?.[1];
  return id !== undefined && isSessionId(id) ? id : undefined;
}

/**
 * Removes a session that has been renamed away, perhaps by somebody who was killed then. `expected`: which directory
 * was meant; another one took its name in the moment of the rename.
 */
export async function finishRemoval(
  gone: { readonly id: SessionId; readonly directory: string },
  isHeld: HeldCheck,
  expected?: Session,
): Promise<Removal> {
  const { id, directory } = gone;
  return (
    (await attempt(directory, async () => {
      const session = openSessionDirectory(directory, id);
      if (session === undefined) return { kind: 'gone-already' };
      const isOther = expected !== undefined && expected.inode !== session.inode;
      if (!isOther && !(await isHeld(session))) return removeTree(directory);
      renameSync(directory, join(dirname(directory), id));
      syncDirectory(dirname(directory));
      return { kind: isOther ? 'gone-already' : 'held' };
    })) ?? { kind: 'removed' }
  );
}

/** Removes a directory with all that is in it; symbolic links are removed, never followed. */
export async function removeTree(directory: string): Promise<Removal> {
  try {
    rmSync(directory, { recursive: true, force: true });
    return { kind: 'removed' };
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  // Directories that their owner may not write: a command's cache, mostly.
  makeWritable(directory);
  try {
    // Unlike the other one it says what stands in its way.
    await rm(directory, { recursive: true, force: true });
    return { kind: 'removed' };
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    // Of two that remove the same tree one meets what the other has taken away.
    if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return { kind: 'removed' };
    return { kind: 'failed', code, path: (error as NodeJS.ErrnoException).path ?? directory };
  }
}

function makeWritable(directory: string): void {
  try {
    chmodSync(directory, DIRECTORY_MODE);
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) makeWritable(join(directory, entry.name));
    }
  } catch (error) {
    // Somebody else's: the removal will say so.
    if (errnoOf(error) === undefined) throw error;
  }
}

async function attempt(path: string, act: () => Promise<Removal | undefined>): Promise<Removal | undefined> {
  try {
    return await act();
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return code === 'ENOENT' ? { kind: 'gone-already' } : { kind: 'failed', code, path };
  }
}
