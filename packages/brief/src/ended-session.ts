import { count, object, oneOf, optional, type Shape, text } from '@csa/session/files';
import type { ShownEnd } from './collected.ts';
import type { BriefSession } from './content.ts';

/** What is remembered of a session that has ended for good. */
export interface EndedSession extends Omit<BriefSession, 'command' | 'state'> {
  readonly state: ShownEnd['kind'];
  /** By which it is known whether somebody was shown it. */
  readonly end: ShownEnd;
}

const kind = oneOf('finished', 'dead');

/** As it was written down, and nothing else. */
export const endedSession: Shape<EndedSession> = object<EndedSession>({
  id: text,
  state: kind,
  status: optional(text),
  exit: optional(integer),
  summary: optional(text),
  reason: optional(text),
  tool: text,
  description: text,
  startedAt: count,
  // As a record says, also before 1970.
  endedAt: optional(integer),
  end: object<ShownEnd>({
    kind,
    status: optional(text),
    exit: optional(integer),
    completedAt: optional(text),
  }),
});

/** A recorded code may be of any range. */
function integer(value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw new TypeError(`expected a whole number, got ${typeof value}`);
}
