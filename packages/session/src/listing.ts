import { type Dirent, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { refuseStateRead } from './own-trouble.ts';
import { errnoOf } from './refusal.ts';
import { openSessionDirectory, type Session } from './session.ts';
import { isSessionId, type SessionId } from './session-id.ts';
import { type StateRoots, sessionsDirectory } from './state-root.ts';

/** Where ids are looked up: the project's real path, and the state roots. */
export interface LookupScope {
  readonly project: string;
  readonly roots: StateRoots;
}

/** Which sessions there are, by name alone: opening one costs more than listing thousands. */
export interface SessionListing {
  /** Newest first. */
  readonly ids: readonly SessionId[];
  /** `undefined` once it has been removed. @throws Refusal reason=state-root-unreadable | io-error */
  readonly open: (id: SessionId) => Session | undefined;
  /** Where it stands, or stood when it was listed: no look at it. */
  readonly directoryOf: (id: SessionId) => string | undefined;
}

/** The project's sessions. @throws Refusal reason=state-root-unreadable | io-error */
export function listSessions({ project, roots }: LookupScope): SessionListing {
  return listingOf([roots.primary, roots.legacy].map((root) => sessionsDirectory(root, project)));
}

/** The sessions of every project. @throws Refusal reason=state-root-unreadable | io-error */
export function listAllSessions(roots: StateRoots): SessionListing {
  return listingOf(
    [roots.primary, roots.legacy].flatMap((root) => sessionsDirectoriesBelow(root)),
    true,
  );
}

function listingOf(parents: readonly string[], skipForbidden = false): SessionListing {
  const homes = new Map<SessionId, string>();
  for (const parent of parents) {
    for (const entry of entriesOf(parent, skipForbidden)) {
      const { name } = entry;
      if (isSessionId(name) && entry.isDirectory() && !homes.has(name)) homes.set(name, parent);
    }
  }
  return {
    ids: Array.from(homes.keys()).sort((a, b) => (a < b ? 1 : -1)),
    open: (id) => {
      const parent = homes.get(id);
      return parent === undefined ? undefined : openIn(parent, id, skipForbidden);
    },
    directoryOf: (id) => {
      const parent = homes.get(id);
      return parent === undefined ? undefined : `${parent}/${id}`;
    },
  };
}

/** The project's sessions, newest first. @throws Refusal reason=state-root-unreadable | io-error */
export function sessionsOfProject(scope: LookupScope): Session[] {
  return openListed(listSessions(scope));
}

/** Those that are still there. @throws as above */
export function openListed({ ids, open }: Pick<SessionListing, 'ids' | 'open'>): Session[] {
  return ids.map(open).filter((session) => session !== undefined);
}

/**
 * Every directory called `sessions`; session directories themselves are never entered.
 * @throws Refusal reason=state-root-unreadable | io-error
 */
export function sessionsDirectoriesBelow(root: string): string[] {
  const found: string[] = [];
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const holdsSessions = basename(directory) === 'sessions';
    if (holdsSessions) found.push(directory);
    for (const entry of entriesOf(directory, directory !== root)) {
      // Beside the sessions stand unfinished ones and a git repository, all of them dot-names.
      const isProjectPath = !holdsSessions || !(isSessionId(entry.name) || entry.name.startsWith('.'));
      if (entry.isDirectory() && isProjectPath) pending.push(join(directory, entry.name));
    }
  }
  return found;
}

function entriesOf(directory: string, skipForbidden = false): Dirent[] {
  return looked(directory, skipForbidden, () => readdirSync(directory, { withFileTypes: true })) ?? [];
}

/** @throws Refusal reason=state-root-unreadable | io-error */
export function openIn(sessions: string, id: SessionId, skipForbidden = false): Session | undefined {
  return looked(sessions, skipForbidden, () => openSessionDirectory(`${sessions}/${id}`, id));
}

/**
 * `undefined` for what is not there. `skipForbidden`: in a walk over every project another user's directory hides
 * nothing that is ours. Any other trouble (EMFILE, EIO) is never taken for an empty place.
 */
function looked<T>(directory: string, skipForbidden: boolean, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (skipForbidden && (code === 'EACCES' || code === 'EPERM')) return undefined;
    throw refuseStateRead(error, { what: 'the sessions cannot be listed', path: directory });
  }
}
