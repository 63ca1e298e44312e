import { exists } from './existence.ts';
import { isPid } from './pid.ts';
import { listPids, procView, readStat } from './proc.ts';
import { hasEnded } from './proc-stat.ts';

/**
 * Whether a process group has a member that has not ended. Zombies do not count, and the leader may be gone.
 * Where the kernel knows members that cannot be seen (hidepid, no /proc), they count as live.
 *
 * @param pgid process group id; one that no group can have gives false
 * @throws when /proc cannot be read (EMFILE, EIO)
 */
export function groupHasLiveMember(pgid: number): boolean {
  if (!isPid(pgid)) return false;
  // Of group 1 kill(2) cannot be asked: -1 means every process.
  if (pgid > 1 && !exists(-pgid)) return false;
  if (procView() !== 'ours') return true;
  return seenMember(pgid) ?? (pgid > 1 && exists(-pgid));
}

/** Whether a member that /proc shows is live; undefined when it shows no member at all. */
function seenMember(pgid: number): boolean | undefined {
  let seen: boolean | undefined;
  for (const pid of listPids()) {
    const stat = readStat(pid);
    if (typeof stat === 'string' || stat.pgid !== pgid) continue;
    if (!hasEnded(stat)) return true;
    seen = false;
  }
  return seen;
}
