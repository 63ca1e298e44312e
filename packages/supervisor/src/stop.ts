import { setTimeout as delay } from 'node:timers/promises';
import { identify, type ProcessIdentity, probe, type SignalOutcome, signalProven } from '@csa/liveness';
import {
  findSurvivors,
  lookAtDaemonLifeline,
  Refusal,
  readCommand,
  readDaemon,
  recordStopRequest,
  refuseStateWrite,
  type Session,
  type StopRequest,
} from '@csa/session';

export type Stopped =
  /** The supervisor was told; it alone ends the command and records how. */
  | { readonly kind: 'supervisor-told' }
  /** The supervisor was dead already; what had outlived it was ended. */
  | { readonly kind: 'survivors-ended'; readonly pids: readonly number[]; readonly left: readonly number[] };

const SURVIVOR_LOOK_MS = 50;
const KILL_LOOKS = 40;

/**
 * Asks for a session's end. Signals only proven identities.
 * @throws Refusal reason=unknown-liveness | not-permitted | disk-full | state-root-unwritable
 */
export async function stop(session: Session, request: StopRequest): Promise<Stopped> {
  const daemon = readDaemon(session);
  if (daemon.kind === 'present') {
    // The kernel's word, which comes sooner than the end of all threads of a process that was killed.
    if (lookAtDaemonLifeline(session, daemon.value) === 'dead') return endSurvivors(session, request);
    const liveness = await probe(daemon.value.identity, session.id);
    if (liveness.state === 'unknown') throw unproven(liveness.reason);
    if (liveness.state === 'alive' && (await tellSupervisor(session, daemon.value.identity, request))) {
      return { kind: 'supervisor-told' };
    }
  } else if (daemon.kind !== 'absent') {
    throw unproven('daemon-unreadable');
  }
  return endSurvivors(session, request);
}

/** `false`: it has died meanwhile, so that nobody will act on the request. */
async function tellSupervisor(session: Session, identity: ProcessIdentity, request: StopRequest): Promise<boolean> {
  if (identity.startTime === undefined) throw unproven('unproven-pid');
  try {
    recordStopRequest(session, request);
  } catch (error) {
    refuseStateWrite(error, session.directory);
  }
  if ((await signalOrRefuse(identity, 'SIGTERM', 'process')) === 'gone') return false;
  // A stopped supervisor acts on nothing until it is continued.
  await signalOrRefuse(identity, 'SIGCONT', 'process');
  return true;
}

/** The command outlived its supervisor: nobody else is left to end it. */
async function endSurvivors(session: Session, request: StopRequest): Promise<Stopped> {
  const pids = await findSurvivors(session);
  if (pids.length === 0) return { kind: 'survivors-ended', pids, left: [] };
  try {
    recordStopRequest(session, request);
  } catch {
    // The record is a courtesy here; ending the survivors is what was asked for.
  }
  await signalSurvivors(session, pids, request.signal);
  let left = await survivorsAfter(session, request.graceMs / SURVIVOR_LOOK_MS);
  if (left.length > 0) {
    await signalSurvivors(session, left, 'SIGKILL');
    left = await survivorsAfter(session, KILL_LOOKS);
  }
  return { kind: 'survivors-ended', pids, left };
}

async function signalSurvivors(session: Session, pids: readonly number[], signal: NodeJS.Signals): Promise<void> {
  // A stopped process takes no signal but SIGCONT and SIGKILL.
  const signals: readonly NodeJS.Signals[] = signal === 'SIGKILL' ? [signal] : [signal, 'SIGCONT'];
  const command = readCommand(session);
  if (command.kind === 'present') {
    for (const each of signals) await signalOrRefuse(command.value, each, 'group');
  }
  for (const pid of pids) {
    const identity = await identify(pid);
    if (identity === undefined) continue;
    for (const each of signals) await signalOrRefuse(identity, each, 'process');
  }
}

async function survivorsAfter(session: Session, looks: number): Promise<number[]> {
  for (let look = 0; ; look += 1) {
    const left = await findSurvivors(session);
    if (left.length === 0 || look >= looks) return left;
    await delay(SURVIVOR_LOOK_MS);
  }
}

async function signalOrRefuse(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  target: 'process' | 'group',
): Promise<SignalOutcome> {
  try {
    return await signalProven(identity, signal, target);
  } catch (error) {
    throw new Refusal({
      reason: 'not-permitted',
      what: `process ${identity.pid} cannot be signalled`,
      expected: 'a process of this user',
      got: error instanceof Error ? error.message : String(error),
      next: 'Stop the session as the user who started it',
      cause: error,
    });
  }
}

function unproven(why: string): Refusal {
  return new Refusal({
    reason: 'unknown-liveness',
    what: 'nothing was signalled: the session’s supervisor cannot be told from another process',
    expected: 'a supervisor that can be proven on this machine',
    got: why,
    next: 'Stop it on the machine and in the container where it was started',
  });
}
