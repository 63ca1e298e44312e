import { setTimeout as delay } from 'node:timers/promises';
import { Refusal, type Session, type StopRequest } from '@csa/session';
import { type Stopped, stop } from '@csa/supervisor';
import { SessionSource, type Waited, wait } from '@csa/wait';
import { exitCodeOf } from './exit-code.ts';
import type { Located } from './locate.ts';
import { answer, type Report } from './report.ts';

/** After the grace a supervisor kills; the record is there moments later. */
const RECORD_MARGIN_MS = 20_000;
const LEAVING_LOOK_MS = 20;

/**
 * Stops a session and waits for its record.
 * @throws Refusal reason=unknown-liveness | not-permitted | still-running | no-record
 */
export async function stopSession(
  located: Located,
  request: StopRequest,
  form: { readonly json: boolean },
): Promise<Report> {
  const source = new SessionSource(located.session, located.scope.roots);
  const before = await wait(source, { capMs: 0 });
  const { resolved } = source;
  if (before.end.kind === 'finished' && !isDaemonAlive(before)) {
    return stopReport(resolved, before, 'had finished already', form.json);
  }
  const stopped = await stop(resolved, request);
  if (stopped.kind === 'survivors-ended') return survivorsReport(resolved, stopped, form.json);
  const after = await waitForLeaving(source, request.graceMs + RECORD_MARGIN_MS);
  if (after.end.kind === 'finished' && !isDaemonAlive(after)) return stopReport(resolved, after, 'stopped', form.json);
  throw new Refusal({
    reason: after.end.kind === 'dead' ? 'no-record' : 'still-running',
    what: `the supervisor of session ${resolved.id} was told to stop, and left no record`,
    expected: 'a record within the grace and 20 s',
    got: after.end.kind === 'dead' ? 'a dead supervisor' : `a session that is ${after.end.kind}`,
    next: 'Look at it, and stop it again with --signal KILL',
    command: ['session', 'status', resolved.id, '--explain'],
  });
}

/** The record, and then the supervisor's own end: only then is nothing of the session left. */
async function waitForLeaving(source: SessionSource, capMs: number): Promise<Waited> {
  const deadline = performance.now() + capMs;
  let waited = await wait(source, { capMs });
  while (waited.end.kind === 'finished' && isDaemonAlive(waited) && performance.now() < deadline) {
    await delay(LEAVING_LOOK_MS);
    waited = await wait(source, { capMs: 0 });
  }
  return waited;
}

function isDaemonAlive({ facts }: Waited): boolean {
  return facts?.daemon.state === 'alive';
}

function stopReport(session: Session, waited: Waited, what: string, json: boolean): Report {
  const outcome = waited.end.kind === 'finished' ? waited.end.outcome : undefined;
  const exit = outcome === undefined ? null : exitCodeOf(outcome);
  const document = {
    schema: 'csa.session-stop/1',
    session: session.id,
    stopped: what,
    status: outcome?.status ?? null,
    exit,
  };
  const line = `${session.id} ${what}: ${outcome?.status}, exit ${exit}`;
  return answer([json ? JSON.stringify(document) : line]);
}

function survivorsReport(
  session: Session,
  { pids, left }: Extract<Stopped, { kind: 'survivors-ended' }>,
  json: boolean,
): Report {
  if (left.length > 0) {
    throw new Refusal({
      reason: 'still-running',
      what: `processes of session ${session.id} cannot be ended`,
      expected: 'none left',
      got: left.join(' '),
      next: 'Look at these processes',
      command: ['session', 'status', session.id, '--explain'],
    });
  }
  const what =
    pids.length === 0
      ? 'was dead already, nothing of it runs'
      : `was dead already; ended what had outlived it: ${pids.join(' ')}`;
  const document = { schema: 'csa.session-stop/1', session: session.id, stopped: what, status: null, exit: null, pids };
  return answer([json ? JSON.stringify(document) : `${session.id} ${what}`]);
}
