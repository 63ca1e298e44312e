import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { errorCode } from './error-code.ts';
import { exists } from './existence.ts';
import { type ProcStat, parseStat } from './proc-stat.ts';

/**
 * `ours`: /proc shows the pids that this process itself uses. `foreign`: it is mounted for another pid namespace, where
 * a number means another process, or it is not mounted. `missing`: the system has none (macOS).
 */
export type ProcView = 'ours' | 'foreign' | 'missing';

export type StatReading = ProcStat | 'gone' | 'hidden' | 'garbled';

let knownView: ProcView | undefined;

/** How far /proc can be trusted; found out once. */
export function procView(): ProcView {
  knownView ??= readView();
  return knownView;
}

function readView(): ProcView {
  if (process.platform !== 'linux') return 'missing';
  try {
    // proc(5): /proc/self names this process as the mount's own pid namespace numbers it.
    return readlinkSync('/proc/self') === String(process.pid) ? 'ours' : 'foreign';
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return 'foreign';
  }
}

/**
 * Read /proc/<pid>/stat. `hidden`: the process exists, but /proc does not show it (mount option hidepid, proc(5)).
 *
 * @throws what is neither of these (EMFILE, EIO)
 */
export function readStat(pid: number): StatReading {
  try {
    // latin1: the command name is any bytes.
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? 'garbled';
  } catch (error) {
    return absence(pid, error);
  }
}

/** The command line of a process, arguments separated by blanks; empty for a zombie or a kernel thread. */
export function readCommandLine(pid: number): string | 'gone' | 'hidden' {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch (error) {
    return absence(pid, error);
  }
}

/**
 * The environment that a process was started with, as NUL-terminated `NAME=value`; empty for a zombie.
 * undefined: the process is gone or belongs to somebody else.
 */
export function readEnvironment(pid: number): Buffer | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch (error) {
    absence(pid, error);
    return undefined;
  }
}

/** VmRSS of /proc/<pid>/status in bytes (proc_pid_status(5)); 0 for a process that is gone, hidden or has no memory. */
export function readResidentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch (error) {
    absence(pid, error);
    return 0;
  }
}

/** All pids that /proc shows. */
export function listPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function absence(pid: number, error: unknown): 'gone' | 'hidden' {
  switch (errorCode(error)) {
    case 'ESRCH':
      return 'gone'; // it ended between open and read
    case 'ENOENT':
    case 'EACCES':
    case 'EPERM':
      return exists(pid) ? 'hidden' : 'gone';
    default:
      throw error;
  }
}
