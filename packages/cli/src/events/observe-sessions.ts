import type { Located } from '@csa/calls';
import { locatedAt } from '@csa/calls/list';
import { viewSession } from '@csa/calls/view';
import { type GlanceWish, glanceAt } from '@csa/calls/wait';
import {
  type LookupScope,
  lastOutputTime,
  listSessions,
  readCompletion,
  readResult,
  readResumeTarget,
  readStopRequest,
  type Session,
  sweptBearers,
} from '@csa/session';
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
  const glance: GlanceWish = { bearers: sweptBearers(), seesLingering: false };
  for (let at = 0; at < wanted.length && abort?.aborted !== true; at += WINDOW) {
    const opened = wanted.slice(at, at + WINDOW).map(open);
    const sessions = opened.filter((session) => session !== undefined && mayHaveNews(session, known)) as Session[];
    const looked = await Promise.all(sessions.map((session) => look(locatedAt(session, scope), glance)));
    looks.push(...looked.filter((one) => one !== undefined));
  }
  return looks;
}

/** A dead one is looked at again only when a record has come late, over a network for example. */
function mayHaveNews(session: Session, known: Known): boolean {
  if (!known.has(eventId(session.id, 'dead'))) return true;
  return [readResult, readCompletion, readResumeTarget].some((read) => read(session).kind !== 'absent');
}

/** `undefined` where our own trouble (EMFILE, EIO) hides how it ended: an event is told once, and stays as it was told. */
async function look(located: Located, glance: GlanceWish): Promise<Look | undefined> {
  const { session } = located;
  const looked = await glanceAt(located, glance);
  const { end } = looked.waited;
  const stopRequest = end.kind === 'finished' ? readStopRequest(looked.session) : undefined;
  if (stopRequest?.kind === 'error') return undefined;
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
