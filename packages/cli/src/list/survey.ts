import {
  type LookupScope,
  listAllSessions,
  listSessions,
  projectAt,
  readMetadata,
  type Session,
  sessionIdTime,
} from '@csa/session';
import { hintTarget, type Located } from '../locate.ts';
import { type SessionPhase, type SessionView, viewSession } from '../view/session-view.ts';
import { lookAtSession, type WaitedSession } from '../wait/wait-session.ts';

/** Which sessions are wanted; what is absent restricts nothing. */
export interface SessionFilter {
  readonly states?: ReadonlySet<SessionPhase> | undefined;
  readonly labels?: ReadonlyMap<string, string> | undefined;
  readonly tool?: string | undefined;
  /** Started at this time or later, in milliseconds since the epoch. */
  readonly startedSince?: number | undefined;
}

/** A session that was wanted, and what one look showed of it. */
export interface Surveyed {
  readonly located: Located;
  readonly looked: WaitedSession;
  readonly view: SessionView;
}

/** Sessions looked at side by side: a foreign one whose supervisor is gone takes a quarter of a second to confirm. */
const WINDOW = 32;

/**
 * The wanted sessions, newest first. Looks only as far as its reader asks for more: the cost grows with what is read,
 * not with what exists.
 * @throws Refusal reason=state-root-unreadable
 */
export async function* surveySessions(
  scope: LookupScope,
  { filter = {}, allProjects = false }: { readonly filter?: SessionFilter; readonly allProjects?: boolean } = {},
): AsyncGenerator<Surveyed> {
  const { ids, open } = allProjects ? listAllSessions(scope.roots) : listSessions(scope);
  const since = filter.startedSince ?? Number.NEGATIVE_INFINITY;
  const tooOld = ids.findIndex((id) => sessionIdTime(id) < since);
  const end = tooOld === -1 ? ids.length : tooOld;
  for (let at = 0; at < end; at += WINDOW) {
    const opened = ids.slice(at, Math.min(end, at + WINDOW)).map(open);
    const wanted = opened.filter((session) => session !== undefined && isMarked(session, filter)) as Session[];
    const surveyed = await Promise.all(wanted.map((session) => survey(session, scope)));
    yield* surveyed.filter(({ view }) => filter.states === undefined || filter.states.has(view.state));
  }
}

/** What metadata.toml tells; cheaper than a look. */
function isMarked(session: Session, { tool, labels }: SessionFilter): boolean {
  if (tool === undefined && labels === undefined) return true;
  const metadata = readMetadata(session);
  if (metadata.kind !== 'present') return false;
  if (tool !== undefined && metadata.value.tool !== tool) return false;
  return Array.from(labels ?? []).every(([key, value]) => metadata.value.labels.get(key) === value);
}

async function survey(session: Session, scope: LookupScope): Promise<Surveyed> {
  const project = projectAt(session.directory, scope.roots) ?? scope.project;
  const located: Located = { session, scope, target: hintTarget(session, scope), project };
  const looked = await lookAtSession(located);
  return { located, looked, view: viewSession(session, looked) };
}
