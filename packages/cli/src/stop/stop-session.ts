import { findSurvivor, type StopRequest } from '@csa/session';
import { stop } from '@csa/supervisor';
import { SessionSource, wait } from '@csa/wait';
import type { Located } from '../locate.ts';
import type { Report } from '../report.ts';
import { isDaemonAlive, waitForLeaving } from './leaving.ts';
import { endedReport, type StopForm, survivorsReport, unkillable, unknownState, unrecorded } from './stop-report.ts';

/** After the grace a supervisor kills; the record is there moments later. */
const RECORD_MARGIN_MS = 20_000;

/**
 * Stops a session and waits for its record.
 * @throws Refusal reason=unknown-liveness | not-permitted | still-running | no-record | why nobody can say what it is
 */
export async function stopSession(located: Located, request: StopRequest, json: boolean): Promise<Report> {
  const source = new SessionSource(located.session, located.scope.roots);
  const before = await wait(source, { capMs: 0 });
  const form = { id: source.resolved.id, target: located.target, json };
  switch (before.end.kind) {
    case 'finished':
      // A result that somebody else wrote may be there while the command still runs, and background processes of a
      // command that has ended go on without it.
      if (!isDaemonAlive(before) && (await findSurvivor(source.resolved)) === undefined) {
        return endedReport('had finished already', before.end.outcome, form);
      }
      break;
    case 'alive':
    case 'dead':
      break;
    default:
      throw unknownState(before.end, form);
  }
  const stopped = await stop(source.resolved, request);
  if (stopped.kind === 'supervisor-told') return recordedReport(source, request, form);
  if (stopped.left.length > 0) throw unkillable(stopped.left, form);
  const { end } = await wait(source, { capMs: 0 });
  // It may have finished between the look and the stop.
  return end.kind === 'finished'
    ? endedReport('had finished already', end.outcome, form, stopped.pids)
    : survivorsReport(stopped.pids, form);
}

async function recordedReport(source: SessionSource, request: StopRequest, form: StopForm): Promise<Report> {
  const after = await waitForLeaving(source, request.graceMs + RECORD_MARGIN_MS);
  if (after.end.kind !== 'finished' || isDaemonAlive(after)) throw unrecorded(after.end, form);
  return endedReport('stopped', after.end.outcome, form);
}
