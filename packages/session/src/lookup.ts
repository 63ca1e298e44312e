import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type LookupScope,
  listSessions,
  openIn,
  openListed,
  type SessionListing,
  sessionsDirectoriesBelow,
} from './listing.ts';
import { errnoOf, Refusal } from './refusal.ts';
import type { Session } from './session.ts';
import { isSessionId, parseIdOrPrefix, type SessionId } from './session-id.ts';
import { type StateRoots, sessionsDirectory } from './state-root.ts';

const MATCHES_SHOWN = 5;

/** The project of a directory: its real path. @throws Refusal reason=invalid-directory */
export function projectOf(directory: string): string {
  try {
    const path = realpathSync(directory);
    if (statSync(path).isDirectory()) return path;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw invalidProject(`${directory === '.' ? 'the current one' : directory} (${errnoOf(error)})`);
  }
  throw invalidProject(`${directory} (ENOTDIR)`);
}

/**
 * Finds one session: a unique prefix within the project, or a full id under any project.
 * @throws Refusal reason=invalid-id | not-found | ambiguous-id | state-root-unreadable
 */
export function findSession(idOrPrefix: string, scope: LookupScope): Session {
  const wanted = parseIdOrPrefix(idOrPrefix);
  const found = isSessionId(wanted) ? findFull(wanted, scope) : findByPrefix(wanted, listSessions(scope));
  if (found.length > 1) throw ambiguous(idOrPrefix, found);
  const only = found[0];
  if (only === undefined) throw notFound(idOrPrefix, scope);
  return only;
}

function findByPrefix(prefix: string, { ids, open }: SessionListing): Session[] {
  return openListed({ ids: ids.filter((id) => id.startsWith(prefix)), open });
}

/**
 * The session that a full id names, in the project or anywhere else.
 * @throws Refusal reason=state-root-unreadable
 */
export function findById(id: SessionId, nextTo: Session, roots: StateRoots | undefined): Session | undefined {
  const sibling = openIn(dirname(nextTo.directory), id);
  if (sibling !== undefined || roots === undefined) return sibling;
  return findAnywhere(id, roots)[0];
}

function findFull(id: SessionId, scope: LookupScope): Session[] {
  for (const root of [scope.roots.primary, scope.roots.legacy]) {
    const session = openIn(sessionsDirectory(root, scope.project), id);
    if (session !== undefined) return [session];
  }
  return findAnywhere(id, scope.roots);
}

function findAnywhere(id: SessionId, roots: StateRoots): Session[] {
  for (const root of [roots.primary, roots.legacy]) {
    const found = walk(root, id);
    if (found.length > 0) return found;
  }
  return [];
}

function walk(root: string, id: SessionId): Session[] {
  const found = sessionsDirectoriesBelow(root).map((directory) => openIn(directory, id, true));
  return found.filter((session) => session !== undefined);
}

function invalidProject(got: string): Refusal {
  return new Refusal({
    reason: 'invalid-directory',
    what: 'the project directory cannot be opened',
    expected: 'an existing directory',
    got,
    next: 'Name an existing directory with --cd',
  });
}

function ambiguous(idOrPrefix: string, found: readonly Session[]): Refusal {
  const shown = found.slice(0, MATCHES_SHOWN).map((session) => session.id);
  const rest = found.length - shown.length;
  return new Refusal({
    reason: 'ambiguous-id',
    what: `${found.length} sessions begin with ${JSON.stringify(idOrPrefix)}`,
    expected: 'one match',
    got: shown.join(' ') + (rest > 0 ? ` and ${rest} more` : ''),
    next: 'Give more characters of the id',
    command: ['session', 'list'],
  });
}

function notFound(idOrPrefix: string, scope: LookupScope): Refusal {
  return new Refusal({
    reason: 'not-found',
    what: `no session ${JSON.stringify(idOrPrefix)}`,
    expected: 'a session of this project, or a full id of any project',
    got: `none in ${sessionsDirectory(scope.roots.primary, scope.project)}`,
    next: 'List the sessions here, or name the other project with --cd',
    command: ['session', 'list', '--cd', scope.project],
  });
}
