import { cleanLine } from '@csa/markers';
import { readNotes, readStopRequest } from '@csa/session';
import type { WaitedSession } from '../wait/wait-session.ts';

/** Who asked for a session's end; all text is clean. */
export interface StopView {
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly why: string;
  readonly signal: string;
  readonly grace_ms: number;
}

/** What is known of a session beside its outcome. */
export interface Aftermath {
  /** The result's own, then what failed on the way to the record or after it: a hook, a full disk. */
  readonly warnings: readonly string[];
  /** `null`: nobody has asked. The last one who did; the first is in the summary of a session that was stopped. */
  readonly stop_request: StopView | null;
}

const MAX_TEXT_BYTES = 200;
const MAX_WARNING_BYTES = 600;
/** Of each kind, the last ones. */
const MAX_WARNINGS = 20;

export function readAftermath({ session, waited: { end } }: WaitedSession): Aftermath {
  const ofResult = end.kind === 'finished' ? (end.outcome.warnings ?? []) : [];
  const warnings = [ofResult, readNotes(session)].flatMap((texts) => texts.slice(-MAX_WARNINGS));
  return {
    warnings: warnings.map((text) => cleanLine(text, MAX_WARNING_BYTES)).filter((text) => text !== ''),
    stop_request: readStop(session),
  };
}

function readStop(session: WaitedSession['session']): StopView | null {
  const reading = readStopRequest(session);
  if (reading.kind !== 'present') return null;
  const { by, at, why, signal, graceMs } = reading.value;
  const clean = (text: string): string => cleanLine(text, MAX_TEXT_BYTES);
  return { by: clean(by), at: clean(at), why: clean(why), signal, grace_ms: graceMs };
}
