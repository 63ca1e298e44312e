import type { ShownEnd } from './collected.ts';
import type { BriefSession } from './content.ts';

/** What is remembered of a session that has ended for good. */
export interface EndedSession extends Omit<BriefSession, 'command' | 'state'> {
  readonly state: ShownEnd['kind'];
  /** By which it is known whether somebody was shown it. */
  readonly end: ShownEnd;
}
