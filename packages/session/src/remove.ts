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

/** A session whose removal has begun, by the name that it has since. */
export interface CutOff {
  readonly id: SessionId;
  /** `whole`: only renamed away, nothing of it is missing. `begun`: its contents are being removed. */
  readonly stage: 'whole' | 'begun';
}

const PREFIXES: Readonly<Record<CutOff['stage'], string>> = { whole: 'gone', begun: 'removing' };
const CUT_OFF_NAME = /^\.(gone|removing)-([0-9A-Z]{26})-[0-9a-f]{12}$/;

/**
 * Removes a session as a whole: renamed away first, so that it is never half there under its own name. Looks at its
 * holder right before and right after the rename, and puts it back if it came to life.
 */
export async function removeSession(session: Session, isHeld: HeldCheck): Promise<Removal> {
  const away = cutOffPath(session.directory, { id: session.id, stage: 'whole' });
  const outcome = await attempt(session.directory, async () => {
    if (!isStillThere(session)) return { kind: 'gone-already' };
    if (await isHeld(session)) return { kind: 'held' };
    renameSync(session.directory, away);
    return undefined;
  });
  return outcome ?? finishRemoval({ id: session.id, stage: 'whole', directory: away }, isHeld, session);
}

/** What the name says of a removal that was cut off; `undefined` for every other name. */
export function cutOffRemoval(name: string): CutOff | undefined {
  const [, prefix, id = ''] = CUT_OFF_NAME.exec(name) ?? [];
  if (prefix === undefined || !isSessionId(id)) return undefined;
  return { id, stage: prefix === PREFIXES.whole ? 'whole' : 'begun' };
}

/**
 * Removes a session that has been renamed away, perhaps by somebody who was killed then. Only as long as it is whole
 * it is put back: half of a session would be another story than the one that was recorded. `expected`: which directory
 * was meant; another one took its name in the moment of the rename.
 */
export async function finishRemoval(
  gone: CutOff & { readonly directory: string },
  isHeld: HeldCheck,
  expected?: Session,
): Promise<Removal> {
  const { id, stage, directory } = gone;
  const begun = cutOffPath(directory, { id, stage: 'begun' });
  const outcome = await attempt(directory, async () => {
    const session = openSessionDirectory(directory, id);
    if (session === undefined) return { kind: 'gone-already' };
    if (stage === 'begun') return removeTree(directory);
    const isOther = expected !== undefined && expected.inode !== session.inode;
    if (!isOther && !(await isHeld(session))) {
      renameTo(directory, begun);
      return undefined;
    }
    renameTo(directory, join(dirname(directory), id));
    return { kind: isOther ? 'gone-already' : 'held' };
  });
  return outcome ?? removeTree(begun);
}

/** A new name beside the directory. */
function cutOffPath(directory: string, { id, stage }: CutOff): string {
  return join(dirname(directory), `.${PREFIXES[stage]}-${id}-${randomBytes(6).toString('hex')}`);
}

/** On the disk, before anything is done that counts on it. */
function renameTo(from: string, to: string): void {
  renameSync(from, to);
  syncDirectory(dirname(to));
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
