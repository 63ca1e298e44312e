import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errnoOf, Refusal } from './refusal.ts';
import { openSessionDirectory, type Session } from './session.ts';
import { isSessionId, parseIdOrPrefix, type SessionId } from './session-id.ts';
import { type StateRoots, sessionsDirectory } from './state-root.ts';

/** Where ids are looked up: the project's real path, and the state roots. */
export interface LookupScope {
  readonly project: string;
  readonly roots: StateRoots;
}

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
  const found = isSessionId(wanted)
    ? findFull(wanted, scope)
    : sessionsOfProject(scope).filter((session) => session.id.startsWith(wanted));
  if (found.length > 1) throw ambiguous(idOrPrefix, found);
  const only = found[0];
  if (only === undefined) throw notFound(idOrPrefix, scope);
  return only;
}

/** The project's sessions, newest first. @throws Refusal reason=state-root-unreadable */
export function sessionsOfProject(scope: LookupScope): Session[] {
  const seen = new Set<string>();
  const sessions: Session[] = [];
  for (const root of [scope.roots.primary, scope.roots.legacy]) {
    const parent = sessionsDirectory(root, scope.project);
    for (const entry of entriesOf(parent)) {
      if (!entry.isDirectory() || !isSessionId(entry.name) || seen.has(entry.name)) continue;
      const session = openIn(parent, entry.name);
      if (session === undefined) continue;
      seen.add(entry.name);
      sessions.push(session);
    }
  }
  return sessions.sort((a, b) => (a.id < b.id ? 1 : -1));
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

/** Looks below every directory called `sessions`; session directories themselves are never entered. */
function walk(root: string, id: SessionId): Session[] {
  const found: Session[] = [];
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const holdsSessions = basename(directory) === 'sessions';
    const session = holdsSessions ? openIn(directory, id, true) : undefined;
    if (session !== undefined) found.push(session);
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

function openIn(sessions: string, id: SessionId, skipForbidden = false): Session | undefined {
  return looked(sessions, skipForbidden, () => openSessionDirectory(join(sessions, id), id));
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
    throw new Refusal({
      reason: 'state-root-unreadable',
      what: 'the sessions cannot be listed',
      expected: 'a directory that this user can read',
      got: `${code} at ${directory}`,
      next: 'Fix its permissions, or point XDG_STATE_HOME at the right state root',
      cause: error,
    });
  }
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
