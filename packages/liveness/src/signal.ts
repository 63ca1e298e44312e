import { errorCode } from './error-code.ts';
import { isBare } from './judge.ts';
import { probe } from './probe.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** `gone`: the process has ended, whoever has its pid now. `refused`: it could not be proven; nothing was sent. */
export type SignalOutcome = 'sent' | 'gone' | 'refused';

/**
 * Send a signal to a process that is proven to be the one of this identity, or to the process group that it leads.
 * A pid without a start time is never proven. Between proof and signal lie some microseconds: Node has no pidfd.
 *
 * @throws EPERM when the process belongs to somebody else
 */
export async function signalProven(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  target: 'process' | 'group' = 'process',
): Promise<SignalOutcome> {
  const { state } = await probe(identity);
  if (state === 'dead') return 'gone';
  if (state === 'unknown' || isBare(identity)) return 'refused';
  if (send(target === 'group' ? -identity.pid : identity.pid, signal)) return 'sent';
  if (target === 'process') return 'gone';
  // No such group: the process has ended just now, or leads none.
  return (await probe(identity)).state === 'alive' ? 'refused' : 'gone';
}

function send(target: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
}
