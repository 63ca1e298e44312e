import { setTimeout as delay } from 'node:timers/promises';
import { groupHasLiveMember } from './process-group.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { signalProven } from './signal.ts';

/** Milliseconds to end by itself, before it is killed. */
const GRACE_MS = 2_000;
/** A killed process is gone at once, unless the kernel itself waits for something. */
const KILLED_MS = 5_000;
const LOOK_MS = 20;

/**
 * Ends a process group whose leader this process has started, or has proven: nobody else's can carry its number as long
 * as it has a member. `false`: something of it still runs, killed.
 */
export async function endGroup(pgid: number, graceMs: number = GRACE_MS): Promise<boolean> {
  signalGroup(pgid, 'SIGTERM');
  // A stopped process takes no signal but this and SIGKILL.
  signalGroup(pgid, 'SIGCONT');
  if (await isEmptyWithin(pgid, graceMs)) return true;
  signalGroup(pgid, 'SIGKILL');
  return isEmptyWithin(pgid, KILLED_MS);
}

/**
 * The same for a leader that another process has started. `unknown`: it cannot be proven, and was not signalled, or it
 * still runs. Never throws.
 */
export async function endProvenGroup(leader: ProcessIdentity): Promise<'ended' | 'unknown'> {
  try {
    // Harmless, and the proof; it is to hear of its end once.
    const outcome = await signalProven(leader, 'SIGCONT', 'group');
    if (outcome === 'gone') return 'ended';
    return outcome === 'sent' && (await endGroup(leader.pid)) ? 'ended' : 'unknown';
  } catch {
    // EPERM: it has become somebody else's.
    return 'unknown';
  }
}

/** Whether something of a group may still run: what cannot be seen is taken to be there. Never throws. */
export function mayHaveMember(pgid: number): boolean {
  try {
    return groupHasLiveMember(pgid);
  } catch {
    return true;
  }
}

async function isEmptyWithin(pgid: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (mayHaveMember(pgid)) {
    if (performance.now() >= deadline) return false;
    await delay(LOOK_MS);
  }
  return true;
}

function signalGroup(pgid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pgid, signal);
  } catch {
    // ESRCH: nothing of the group is left.
  }
}
