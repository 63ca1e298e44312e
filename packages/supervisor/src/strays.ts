import { identify, signalProven } from '@csa/liveness';
import { findBearers, type SessionId } from '@csa/session';

/** Processes of a command that left its process group; they still carry the session's id in their environment. */
export class Strays {
  readonly #id: SessionId;
  readonly #told = new Map<number, NodeJS.Signals>();

  constructor(id: SessionId) {
    this.#id = id;
  }

  /**
   * Whether none is left. Those that are get the signal, each kind once.
   * @throws a system error where processes cannot be listed
   */
  areGone(signal: NodeJS.Signals): boolean {
    const pids = findBearers(this.#id);
    for (const pid of pids) {
      if (this.#told.get(pid) === signal) continue;
      this.#told.set(pid, signal);
      void tell(pid, signal);
    }
    return pids.length === 0;
  }
}

async function tell(pid: number, signal: NodeJS.Signals): Promise<void> {
  try {
    const identity = await identify(pid);
    if (identity === undefined) return;
    await signalProven(identity, signal);
    // A stopped process takes no signal but this and SIGKILL.
    if (signal !== 'SIGKILL') await signalProven(identity, 'SIGCONT');
  } catch {
    // Not ours to signal: it is named among what is left.
  }
}
