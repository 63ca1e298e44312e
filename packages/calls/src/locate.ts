import {
  findSession,
  isSessionId,
  type LookupScope,
  openNamedDirectory,
  projectAt,
  projectOf,
  Refusal,
  type Session,
  stateRoots,
} from '@csa/session';
import type { HintTarget } from './hints.ts';

/** How a user named a session, and where to look for it. */
export interface SessionWish {
  /** The positional word and its `--session` form. */
  readonly id?: string | undefined;
  readonly session?: string | undefined;
  readonly cd?: string | undefined;
  /** The session's directory itself: no lookup, no id. */
  readonly dir?: string | undefined;
}

export interface Located {
  readonly session: Session;
  readonly scope: LookupScope;
  readonly target: HintTarget;
  /** The session's own project, wherever it was asked for: its config counts. */
  readonly project: string;
}

/** Where ids are looked up: the project of `--cd`, else of the current directory. @throws Refusal */
export function lookupScope(cd: string | undefined, env: NodeJS.ProcessEnv): LookupScope {
  return { project: projectOf(cd ?? '.'), roots: stateRoots(env) };
}

/** What names a session wherever it is can be found from a current directory that is gone, too. */
function scopeOfAnywhere(env: NodeJS.ProcessEnv): LookupScope {
  try {
    return lookupScope(undefined, env);
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'invalid-directory') throw error;
    return { project: '/', roots: stateRoots(env) };
  }
}

/** @throws Refusal reason=missing-id | usage | not-found | ambiguous-id | invalid-id | invalid-directory */
export function locate(wish: SessionWish, env: NodeJS.ProcessEnv): Located {
  const id = requestedId(wish);
  const isGlobal = wish.dir !== undefined || (wish.cd === undefined && isSessionId(id?.toUpperCase() ?? ''));
  const scope = isGlobal ? scopeOfAnywhere(env) : lookupScope(wish.cd, env);
  const session = wish.dir === undefined ? findSession(id ?? '', scope) : openNamedDirectory(wish.dir);
  if (wish.dir !== undefined && id !== undefined && !session.id.startsWith(id.toUpperCase())) {
    throw contradiction(`the session of --dir, ${session.id}`, id);
  }
  const project = projectAt(session.directory, scope.roots) ?? scope.project;
  return { session, scope, target: hintTarget(session, scope, wish.dir !== undefined), project };
}

/** A full id is found from any directory as long as the state root is the default one. */
export function hintTarget(
  session: Pick<Session, 'id' | 'directory'>,
  scope: LookupScope,
  namedByDirectory = false,
): HintTarget {
  const needsDirectory = namedByDirectory || !scope.roots.isDefault;
  return { id: session.id, ...(needsDirectory ? { directory: session.directory } : {}) };
}

function requestedId(wish: SessionWish): string | undefined {
  const { id, session, dir, cd } = wish;
  if (dir !== undefined && cd !== undefined) throw contradiction('only one of --dir and --cd', 'both');
  if (id !== undefined && session !== undefined && id.toUpperCase() !== session.toUpperCase()) {
    throw contradiction('one session', `${id} and --session ${session}`);
  }
  const wanted = id ?? session;
  if (wanted !== undefined || dir !== undefined) return wanted;
  throw new Refusal({
    reason: 'missing-id',
    what: 'which session is not said',
    expected: 'a session id, its beginning, or --dir DIR',
    got: 'nothing',
    next: 'Name the session; the list shows those of this project',
    command: ['session', 'list'],
  });
}

/** What to throw for words that contradict each other: reason=usage. */
export function contradiction(expected: string, got: string): Refusal {
  return new Refusal({
    reason: 'usage',
    what: 'the command line contradicts itself',
    expected,
    got,
    next: 'Leave one of them out',
  });
}
