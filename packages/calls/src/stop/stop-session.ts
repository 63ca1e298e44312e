import { findSurvivor, findSurvivors, type SessionId, type StopRequest } from '@csa/session';
import { stop } from '@csa/supervisor';
import { type Outcome, SessionSource, wait } from '@csa/wait';
import type { Located } from '../locate.ts';
import { isDaemonAlive, waitForLeaving } from './leaving.ts';
import { type StopTarget, unkillable, unknownState, unrecorded } from './stop-refusals.ts';

/** How a stop ended well: nothing of the session runs any more. `pids` are what was left of it and has been ended. */
export type StopEnd =
  | {
      readonly kind: 'stopped' | 'had finished already';
      readonly id: SessionId;
      readonly outcome: Outcome;
      readonly pids: readonly number[];
      /** The errno for which the record does not say who asked and why. */
      readonly unrecorded?: string;
    }
  | { readonly kind: 'was dead already'; readonly id: SessionId; readonly pids: readonly number[] };

type RecordedEnd = Exclude<StopEnd, { readonly kind: 'was dead already' }>;

/** After the grace a supervisor kills; the record is there moments later. */
const RECORD_MARGIN_MS = 20_000;

/**
 * Stops a session and waits for its record.
 * @throws Refusal reason=unknown-liveness | not-permitted | still-running | no-record | why nobody can say what it is
 */
export async function stopSession(located: Located, request: StopRequest): Promise<StopEnd> {
  const source = new SessionSource(located.session, located.scope.roots);
  const before = await wait(source, { capMs: 0 });
  const { id } = source.resolved;
  const target = { id, target: located.target };
  switch (before.end.kind) {
    case 'finished':
      // A result that somebody else wrote may be there while the command still runs, and background processes of a
      // command that has ended go on without it.
      if (!isDaemonAlive(before) && (await findSurvivor(source.resolved)) === undefined) {
        return { kind: 'had finished already', id, outcome: before.end.outcome, pids: [] };
      }
      break;
    case 'alive':
    case 'dead':
      break;
    default:
      throw unknownState(before.end, target);
  }
  const stopped = await stop(source.resolved, request);
  if (stopped.kind === 'supervisor-told') {
    const end = await recorded(source, request, target);
    return stopped.unrecorded === undefined ? end : { ...end, unrecorded: stopped.unrecorded };
  }
  if (stopped.left.length > 0) throw unkillable(stopped.left, target);
  const { end } = await wait(source, { capMs: 0 });
  // It may have finished between the look and the stop.
  return end.kind === 'finished'
    ? { kind: 'had finished already', id, outcome: end.outcome, pids: stopped.pids }
    : { kind: 'was dead already', id, pids: stopped.pids };
}

async function recorded(source: SessionSource, request: StopRequest, target: StopTarget): Promise<RecordedEnd> {
  const after = await waitForLeaving(source, request.graceMs + RECORD_MARGIN_MS);
  if (after.end.kind !== 'finished' || isDaemonAlive(after)) throw unrecorded(after.end, target);
  // A supervisor does not wait for ever for what not even SIGKILL ends.
  const left = await findSurvivors(source.resolved);
  if (left.length > 0) throw unkillable(left, target);
  return { kind: 'stopped', id: target.id, outcome: after.end.outcome, pids: [] };
}
