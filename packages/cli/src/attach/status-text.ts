import { describeDuration } from '@csa/calls';
import type { WaitedSession } from '@csa/calls/look';
import { lastOutputTime, sessionIdTime } from '@csa/session';
import type { Fit } from '../live-line.ts';
import { namedLine } from '../named-line.ts';

/** One session in one line: what it is, for how long it has run, since when it is silent. */
export function statusText({ session, waited: { end }, stalled }: WaitedSession, now: number): Fit {
  const last = lastOutputTime(session);
  const parts = [
    `${stateOf(end)}${stalled ? ', its supervisor is stopped (SIGSTOP)' : ''}`,
    describeDuration(now - sessionIdTime(session.id)),
    last === undefined ? 'no output yet' : `last output ${describeDuration(now - last)} ago`,
  ];
  return namedLine(session.id, `${parts.join(', ')} (Ctrl-C leaves it alone)`);
}

function stateOf(end: WaitedSession['waited']['end']): string {
  return end.kind === 'undetermined' ? `unknown: ${end.reason}` : end.kind;
}
