import type { EndedSession } from '@csa/brief';
import type { Session, StateRoots } from '@csa/session';
import { readLastWord, SessionSource } from '@csa/wait';
import { bareEnd, lookOnce, type WaitedSession } from '../wait/wait-session.ts';
import { shownEnd } from './collect.ts';
import { factsOf, type SessionFacts } from './session-facts.ts';

/** What one look at a session has shown. */
export type Judged =
  /** For good, as far as its own directory says: nobody needs to look again before that changes. */
  | { readonly kind: 'ended'; readonly session: EndedSession }
  /** Alive, not to be told, or a wrapper, which ends as another session does. */
  | { readonly kind: 'open'; readonly session: SessionFacts }
  /** Removed in between. */
  | { readonly kind: 'gone' };

/** One look, without what a status tells beside the verdict: there may be thousands of them. */
export async function judgeSession(session: Session, roots: StateRoots): Promise<Judged> {
  const looked = await look(session, roots);
  const { end } = looked.waited;
  if (end.kind === 'lost') return { kind: 'gone' };
  const facts = factsOf(session, looked);
  const shown = shownEnd(end);
  if (shown === undefined) return { kind: 'open', session: facts };
  const ended: EndedSession = { ...facts, state: shown.kind, end: shown };
  const isForGood = looked.resolved === undefined && !(end.kind === 'finished' && end.daemonAlive);
  return { kind: isForGood ? 'ended' : 'open', session: ended };
}

async function look(session: Session, roots: StateRoots): Promise<WaitedSession> {
  const word = readLastWord(session);
  if (word !== undefined) {
    const waited = { end: word.end, elapsedMs: 0, eventsComplete: false };
    return { ...bareEnd(waited, session, session), records: word.records };
  }
  const source = new SessionSource(session, roots);
  const waited = await lookOnce(source);
  return { ...bareEnd(waited, session, source.resolved), records: source.records };
}
