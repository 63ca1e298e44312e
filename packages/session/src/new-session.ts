import { randomBytes } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncDirectory } from './atomic-write.ts';
import { makeParents, makePrivateDirectory } from './make-directory.ts';
import { recordMetadata } from './metadata.ts';
import { refuseStateWrite } from './refusal.ts';
import { openSessionDirectory, type Session } from './session.ts';
import { newSessionId, type SessionId } from './session-id.ts';
import { recordNewState } from './state.ts';

/** A session that nobody can see yet: a dot-name beside the sessions. */
export interface UnbornSession {
  readonly id: SessionId;
  readonly directory: string;
}

export interface NewSession {
  /** The project's real path. */
  readonly project: string;
  readonly description: string;
  readonly tool: string;
  readonly labels?: ReadonlyMap<string, string> | undefined;
}

/**
 * Makes the directory of a session to come, with all that its starter knows.
 * @throws Refusal reason=state-root-unwritable | disk-full
 */
export function createUnborn(sessions: string, plan: NewSession): UnbornSession {
  const id = newSessionId();
  const directory = join(sessions, `.new-${randomBytes(8).toString('hex')}`);
  try {
    makeParents(sessions);
    makePrivateDirectory(directory);
    makePrivateDirectory(join(directory, 'output'));
    const { project: projectPath, description, tool, labels } = plan;
    recordNewState(directory, { id, projectPath, description, createdAt: new Date().toISOString() });
    recordMetadata(directory, tool, labels);
  } catch (error) {
    discardUnborn(directory);
    refuseStateWrite(error, sessions);
  }
  return { id, directory };
}

/**
 * Lets the session appear, whole and already alive: its supervisor's records are in the directory before.
 * @throws a system error: ENOTEMPTY or EEXIST where a session of this id exists
 */
export function bear(unborn: UnbornSession): Session {
  const directory = join(dirname(unborn.directory), unborn.id);
  renameSync(unborn.directory, directory);
  syncDirectory(dirname(directory));
  const session = openSessionDirectory(directory, unborn.id);
  if (session === undefined) throw new Error(`${directory} vanished right after it appeared`);
  return session;
}

/** Removes what a start that failed has left; never throws. */
export function discardUnborn(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // A leftover dot-name is invisible to every reader.
  }
}
