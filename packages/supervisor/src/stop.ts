import { setTimeout as delay } from 'node:timers/promises';
import { identify, type ProcessIdentity, probe, type SignalOutcome, signalProven } from '@csa/liveness';
import {
  errnoOf,
  findSurvivors,
  lookAtDaemonLifeline,
  Refusal,
  readCommand,
  readDaemon,
  recordStopRequest,
  type Session,
  type StopRequest,
} from '@csa/session';

export type Stopped =
  /**
   * The supervisor was told; it alone ends the command and records how. `unrecorded`: the errno for which it was told
   * by the signal alone, without who, why, and its grace.
   */
  | { readonly kind: 'supervisor-told'; readonly unrecorded?: string }
  /** The supervisor was dead already; what had outlived it was ended. */
  | { readonly kind: 'survivors-ended'; readonly pids: readonly number[]; readonly left: readonly number[] };

const SURVIVOR_LOOK_MS = 50;
const KILL_LOOKS = 40;

/**
 * Asks for a session's end. Signals only proven identities.
 * @throws Refusal reason=unknown-liveness | not-permitted
 */
export async function stop(session: Session, request: StopRequest): Promise<Stopped> {
  const daemon = readDaemon(session);
  if (daemon.kind === 'present') {
    // The kernel's word, which comes sooner than the end of all threads of a process that was killed.
    if (lookAtDaemonLifeline(session, daemon.value) === 'dead') return endSurvivors(session, request);
    const liveness = await probe(daemon.value.identity, session.id);
    if (liveness.state === 'unknown') throw unproven(liveness.reason);
    const told = liveness.state === 'alive' ? await tellSupervisor(session, daemon.value.identity, request) : undefined;
    if (told !== undefined) return told;
  } else if (daemon.kind !== 'absent') {
    throw unproven('daemon-unreadable');
  }
  return endSurvivors(session, request);
}

/** `undefined`: it has died meanwhile, so that nobody will act on the request. */
async function tellSupervisor(
  session: Session,
  identity: ProcessIdentity,
  request: StopRequest,
): Promise<Stopped | undefined> {
  if (identity.startTime === undefined) throw unproven('unproven-pid');
  const unrecorded = tryToRecord(session, request);
  if ((await signalOrRefuse(identity, 'SIGTERM', 'process')) === 'gone') return undefined;
  // A stopped supervisor acts on nothing until it is continued.
  await signalOrRefuse(identity, 'SIGCONT', 'process');
  return { kind: 'supervisor-told', ...(unrecorded === undefined ? {} : { unrecorded }) };
}

/** The errno where it cannot be written: a command that has filled the disk is the first that somebody wants to end. */
function tryToRecord(session: Session, request: StopRequest): string | undefined {
  try {
    recordStopRequest(session, request);
    return undefined;
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return code;
  }
}

/** The command outlived its supervisor: nobody else is left to end it. */
async function endSurvivors(session: Session, request: StopRequest): Promise<Stopped> {
  const pids = await findSurvivors(session);
  if (pids.length === 0) return { kind: 'survivors-ended', pids, left: [] };
  // The record is a courtesy here; ending the survivors is what was asked for.
  tryToRecord(session, request);
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
