import { isPid } from './pid.ts';
import { listPids, procView, readResidentBytes, readStat } from './proc.ts';
import { hasEnded, type ProcStat } from './proc-stat.ts';

/** What one process of a tree uses. */
export interface ProcessUse {
  readonly pid: number;
  /** As in ProcessIdentity: with the pid it tells this process from every other of this boot. */
  readonly startTime: string;
  /** The command's name as the kernel keeps it, at most 15 bytes; any characters, chosen by the process itself. */
  readonly name: string;
  /** CPU time since its start in milliseconds, that of the children that it has waited for included. */
  readonly cpuMs: number;
  /** Physical memory in bytes, pages that it has in common with others included; 0 where it cannot be read. */
  readonly residentBytes: number;
}

/** Where a tree of processes begins. */
export interface TreeRoots {
  /** Leads the process group that belongs to the tree; may itself have ended. */
  readonly leader: number;
  /** Pids that belong to it in whatever group they are. */
  readonly extra?: readonly number[];
}

/** sysconf(_SC_CLK_TCK) is 100 on every architecture that Node runs on (time(7), USER_HZ). */
const MS_PER_TICK = 10;

/**
 * Whether the processes of a tree can be measured: /proc is that of this pid namespace, and shows the processes of
 * other users too (no hidepid, proc(5)), as which a command may go on by sudo.
 */
export function canMeasureProcesses(): boolean {
  return procView() === 'ours' && readStat(1) !== 'hidden';
}

/**
 * The living processes of a tree: the members of the leader's process group, the extra ones, and all descendants of
 * either. A process whose parent has ended is no descendant any more (it gets another parent) and counts only by its
 * group or as an extra one. Walks all of /proc.
 *
 * @returns undefined where the tree cannot be seen: no /proc of this pid namespace, or one that hides the leader
 * @throws when /proc cannot be read (EMFILE, EIO)
 */
export function measureProcessTree({ leader, extra = [] }: TreeRoots): ProcessUse[] | undefined {
  if (procView() !== 'ours') return undefined;
  if (!isPid(leader)) return [];
  const stats = readLiving(listPids());
  if (!stats.has(leader) && readStat(leader) === 'hidden') return undefined;
  return [...membersOf(stats, leader, extra)].flatMap((pid) => use(pid, stats.get(pid)));
}

/**
 * Those of the given pids that live, whatever tree they are of: a look that costs only as much as there are of them.
 * @throws when /proc cannot be read (EMFILE, EIO)
 */
export function measureProcesses(pids: readonly number[]): ProcessUse[] {
  if (procView() !== 'ours') return [];
  return [...readLiving(pids)].flatMap(([pid, stat]) => use(pid, stat));
}

function readLiving(pids: readonly number[]): Map<number, ProcStat> {
  const stats = new Map<number, ProcStat>();
  for (const pid of pids.filter(isPid)) {
    const stat = readStat(pid);
    if (typeof stat !== 'string' && !hasEnded(stat)) stats.set(pid, stat);
  }
  return stats;
}

function membersOf(stats: ReadonlyMap<number, ProcStat>, leader: number, extra: readonly number[]): Set<number> {
  const children = Map.groupBy(stats.keys(), (pid) => stats.get(pid)?.parent);
  const roots = [...stats].filter(([pid, { pgid }]) => pid === leader || pgid === leader || extra.includes(pid));
  const members = new Set(roots.map(([pid]) => pid));
  // A set that grows while it is walked is walked to its new end.
  for (const pid of members) for (const child of children.get(pid) ?? []) members.add(child);
  return members;
}

function use(pid: number, stat: ProcStat | undefined): ProcessUse[] {
  if (stat === undefined) return [];
  const { startTime, name, cpuTicks } = stat;
  return [{ pid, startTime, name, cpuMs: cpuTicks * MS_PER_TICK, residentBytes: readResidentBytes(pid) }];
}
