import { thisHost } from './host.ts';
import { isPid } from './pid.ts';
import { sight } from './sighting.ts';

/** What tells one process from every other, on this machine and elsewhere. Only the pid is always known. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: field 22 of /proc/<pid>/stat in clock ticks, as decimal text. macOS: whole seconds since the epoch. */
  readonly startTime?: string;
  /** As in Host. */
  readonly bootId?: string;
  /** As in Host: `-` where there is none. */
  readonly machineId?: string;
  /** As in Host: inode number of /proc/self/ns/pid, as text. */
  readonly pidNamespace?: string;
}

/**
 * The identity of the process that has this pid now, a zombie included; undefined when there is none.
 * Where /proc hides the process it has no start time, and can never be proven.
 *
 * @throws when the process cannot be looked at (EMFILE, EIO, ps that cannot be run)
 */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  if (!isPid(pid)) return undefined;
  const sighting = await sight(pid, false);
  switch (sighting.kind) {
    case 'gone':
      return undefined;
    case 'failed':
      throw sighting.error;
    case 'hidden':
      return { pid, ...thisHost() };
    case 'seen':
      return { pid, ...(sighting.startTime === undefined ? {} : { startTime: sighting.startTime }), ...thisHost() };
  }
}
