import { errorCode } from './error-code.ts';
import { exists } from './existence.ts';
import { procView, readCommandLine, readStat } from './proc.ts';
import { hasEnded, type ProcStat } from './proc-stat.ts';
import { groupHasLiveMember } from './process-group.ts';
import { lookUp } from './process-table.ts';

/** What can be seen of a pid on this machine, now. */
export type Sighting =
  | { readonly kind: 'gone' }
  /** It exists, but nothing more can be read. */
  | { readonly kind: 'hidden' }
  | { readonly kind: 'failed'; readonly error: Error }
  | Seen;

export interface Seen {
  readonly kind: 'seen';
  /** As in ProcessIdentity. */
  readonly startTime?: string;
  /** `zombie-leader`: it has ended, but the group that it leads has a live member. */
  readonly condition: 'running' | 'zombie' | 'zombie-leader';
  /** Absent where it was not asked for or cannot be read. */
  readonly commandLine?: string;
}

/** Look at a pid (1 to 2^31 - 1), at its command line only when asked. A failing look is a value, never a throw. */
export async function sight(pid: number, withCommandLine: boolean): Promise<Sighting> {
  try {
    if (procView() === 'ours') return sightInProc(pid, withCommandLine);
    if (!exists(pid)) return { kind: 'gone' };
    return procView() === 'foreign' ? { kind: 'hidden' } : await sightInTable(pid);
  } catch (error) {
    if (!(error instanceof Error) || errorCode(error) === undefined) throw error;
    return { kind: 'failed', error };
  }
}

function sightInProc(pid: number, withCommandLine: boolean): Sighting {
  const stat = readStat(pid);
  if (stat === 'gone' || stat === 'hidden') return { kind: stat };
  if (stat === 'garbled') return { kind: 'failed', error: new Error(`/proc/${pid}/stat has an unknown form`) };
  const seen: Seen = { kind: 'seen', startTime: stat.startTime, condition: conditionOf(pid, stat) };
  if (!withCommandLine) return seen;
  const commandLine = readCommandLine(pid);
  if (commandLine === 'gone') return { kind: 'gone' };
  return commandLine === 'hidden' ? seen : { ...seen, commandLine };
}

function conditionOf(pid: number, stat: ProcStat): Seen['condition'] {
  if (!hasEnded(stat)) return 'running';
  // Only a leader's group is its own: that of any other zombie holds its parent or siblings, who prove nothing.
  return stat.pgid === pid && groupHasLiveMember(pid) ? 'zombie-leader' : 'zombie';
}

async function sightInTable(pid: number): Promise<Sighting> {
  const entry = await lookUp(pid);
  if (entry) return { kind: 'seen', condition: 'running', ...entry };
  return exists(pid) ? { kind: 'hidden' } : { kind: 'gone' };
}
