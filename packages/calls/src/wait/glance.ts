import type { Bearers } from '@csa/session';
import { readLastWord, SessionSource } from '@csa/wait';
import type { Located } from '../locate.ts';
import { bareEnd, lookOnce, type WaitedSession, withOutput, withSurvivor } from './wait-session.ts';

/** How one session of many is looked at. */
export interface GlanceWish {
  /** Who carries which session's id: found out once for all of them. */
  readonly bearers: Bearers;
  /** Whether a finished session is to tell that its supervisor has not left yet; that takes a whole look. */
  readonly seesLingering: boolean;
}

/**
 * What a session is now, as `lookAtSession` tells it, where thousands are looked at: most of them have finished for
 * good, which their records say.
 */
export async function glanceAt(located: Located, { bearers, seesLingering }: GlanceWish): Promise<WaitedSession> {
  const { session, scope } = located;
  const word = seesLingering ? undefined : readLastWord(session);
  if (word !== undefined) {
    const waited = { end: word.end, elapsedMs: 0, eventsComplete: false };
    return { waited, session, hasOutput: false, stalled: false, records: word.records };
  }
  const source = new SessionSource(session, scope.roots);
  const waited = await lookOnce(source);
  const looked = await withOutput(bareEnd(waited, session, source.resolved));
  return { ...(await withSurvivor(looked, bearers)), records: source.records };
}
