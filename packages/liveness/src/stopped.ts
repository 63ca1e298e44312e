import { procView, readStat } from './proc.ts';
import type { ProcessIdentity } from './process-identity.ts';

/**
 * Whether this very process is stopped (SIGSTOP, SIGTSTP: state `T`, proc_pid_stat(5)): alive, and doing nothing.
 * `false` where that cannot be seen.
 *
 * @throws when /proc cannot be read (EMFILE, EIO)
 */
export function isStopped(identity: ProcessIdentity): boolean {
  if (procView() !== 'ours' || identity.startTime === undefined) return false;
  const stat = readStat(identity.pid);
  return typeof stat !== 'string' && stat.startTime === identity.startTime && stat.state === 'T';
}
