import type { BriefSession } from '@csa/brief';
import type { ShownEnd } from '@csa/brief/collected';
import { cleanLine } from '@csa/markers';
import type { Session } from '@csa/session';
import { viewSession } from '../view/session-view.ts';
import type { WaitedSession } from '../wait/wait-session.ts';

/** What a brief says of a session, but for the command, which is worded for whoever reads it. */
export interface SessionFacts extends Omit<BriefSession, 'command'> {
  /** Of one that has ended: by which it is known whether somebody was shown it. */
  readonly end?: ShownEnd;
}

/** As much of a summary as a wait shows. */
const MAX_SUMMARY_BYTES = 400;

/** Puts together what one look has shown; all text is clean. */
export function factsOf(session: Session, looked: WaitedSession): SessionFacts {
  const { state, status, exit, reason, tool, description, started_at } = viewSession(session, looked);
  const { end } = looked.waited;
  const outcome = end.kind === 'finished' ? end.outcome : undefined;
  const endedAt = Date.parse(outcome?.completedAt ?? '') || undefined;
  const summary = cleanLine(outcome?.summary ?? '', MAX_SUMMARY_BYTES);
  return {
    id: session.id,
    state,
    ...(status === null ? {} : { status }),
    ...(exit === null ? {} : { exit }),
    ...(summary === '' ? {} : { summary }),
    ...(reason === null ? {} : { reason }),
    tool,
    description,
    startedAt: Date.parse(started_at),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}
