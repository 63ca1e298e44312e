import { lookAtDaemonLifeline, readDaemon, type Session, type StateRoots, sightFile } from '@csa/session';
import { SessionSource } from '@csa/wait';
import type { WantedState } from './session-filter.ts';

/** What can be found out without a session's result: everything else is asked of the result itself. */
const CHEAP: ReadonlySet<WantedState> = new Set(['alive', 'dead']);

/**
 * Whether a session cannot be in any of these states, found out without reading its records. `false` proves nothing.
 * A list of the few that are alive, or dead, has to pass over thousands that are neither.
 */
export async function isRuledOut(
  session: Session,
  roots: StateRoots,
  states: ReadonlySet<WantedState> | undefined,
): Promise<boolean> {
  if (states === undefined || !Array.from(states).every((state) => CHEAP.has(state))) return false;
  for (const state of states) {
    if (state === 'dead' ? !isNotDead(session) : !(await isNotAlive(session, roots))) return false;
  }
  return true;
}

/**
 * The kernel's word about our own lifeline, or one look at whatever else there is: alive is said at once, only death
 * needs a second look.
 */
async function isNotAlive(session: Session, roots: StateRoots): Promise<boolean> {
  if (!isWrapper(session) && hasLostLifeline(session)) return true;
  const observation = await new SessionSource(session, roots).observe();
  return observation.kind === 'session' && observation.daemon.state !== 'alive';
}

/** Dead is said only of a session that left neither a result nor a completion. */
function isNotDead(session: Session): boolean {
  return !isWrapper(session) && (isThere(session, 'result.toml') || isThere(session, 'daemon-completion.toml'));
}

function hasLostLifeline(session: Session): boolean {
  const daemon = readDaemon(session);
  return daemon.kind === 'present' && lookAtDaemonLifeline(session, daemon.value) === 'dead';
}

/** Another session's state is this one's. */
function isWrapper(session: Session): boolean {
  return isThere(session, 'resume-target.toml');
}

/** Trouble in looking counts as there for a wrapper's mark, and as absent for a record: neither rules anything out. */
function isThere(session: Session, name: 'resume-target.toml' | 'result.toml' | 'daemon-completion.toml'): boolean {
  const sighting = sightFile(session.directory, name).kind;
  return name === 'resume-target.toml' ? sighting !== 'absent' : sighting === 'present';
}
