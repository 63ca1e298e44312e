import {
  type LookupScope,
  lastOutputTime,
  listSessions,
  projectAt,
  readCompletion,
  readResult,
  readResumeTarget,
  readStopRequest,
  type Session,
} from '@csa/session';
import { hintTarget } from '../locate.ts';
import { viewSession } from '../view/session-view.ts';
import { lookAtSession } from '../wait/wait-session.ts';
import { isOver, type Known, type Observed } from './new-events.ts';
import { eventId } from './session-event.ts';

/** A session whose end was not told, and what one look showed. */
export interface Look {
  readonly session: Session;
  readonly observed: Observed;
}

/** Sessions looked at side by side: a foreign one whose supervisor is gone takes a quarter of a second to confirm. */
const WINDOW = 32;

/**
 * Looks at the project's sessions whose end was not told: the cost of a look grows with what lives, not with what
 * exists. Ends early when it is aborted.
 * @throws Refusal reason=state-root-unreadable | io-error
 */
export async function observeSessions(scope: LookupScope, known: Known, abort?: AbortSignal): Promise<Look[]> {
  const { ids, open } = listSessions(scope);
  const wanted = ids.filter((id) => !isOver(known, id));
  const looks: Look[] = [];
  for (let at = 0; at < wanted.length && abort?.aborted !== true; at += WINDOW) {
    const opened = wanted.slice(at, at + WINDOW).map(open);
    const sessions = opened.filter((session) => session !== undefined && mayHaveNews(session, known)) as Session[];
    looks.push(...(await Promise.all(sessions.map((session) => look(session, scope)))));
  }
  return looks;
}

/** A dead one is looked at again only when a record has come late, over a network for example. */
function mayHaveNews(session: Session, known: Known): boolean {
  if (!known.has(eventId(session.id, 'dead'))) return true;
  return [readResult, readCompletion, readResumeTarget].some((read) => read(session).kind !== 'absent');
}

async function look(session: Session, scope: LookupScope): Promise<Look> {
  const project = projectAt(session.directory, scope.roots) ?? scope.project;
  const looked = await lookAtSession({ session, scope, target: hintTarget(session, scope), project });
  const { end } = looked.waited;
  const stopRequest = end.kind === 'finished' ? readStopRequest(looked.session) : undefined;
  return {
    session,
    observed: {
      session: session.id,
      seenAt: Date.now(),
      view: viewSession(session, looked),
      endedAt: end.kind === 'finished' ? Date.parse(end.outcome.completedAt ?? '') || undefined : undefined,
      lastOutput: end.kind === 'alive' ? lastOutputTime(looked.session) : undefined,
      stopRequest: stopRequest?.kind === 'present' ? stopRequest.value : undefined,
      survivor: looked.survivor,
    },
  };
}
