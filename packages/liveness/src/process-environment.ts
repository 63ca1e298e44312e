import { listPids, procView, readEnvironment } from './proc.ts';

/**
 * Pids whose environment, as it was when they were started, holds `name=value` exactly: what a marked process leaves
 * behind, also in other sessions and groups (proc_pid_environ(5)). Without this process itself, zombies, and processes
 * that cannot be read. Empty where there is no /proc for this pid namespace (macOS).
 *
 * @throws when /proc cannot be read for want of descriptors or by a failing disk (EMFILE, EIO)
 */
export function findByEnvironment(name: string, value: string): number[] {
  if (procView() !== 'ours') return [];
  const entry = `${name}=${value}`;
  // No environment holds a NUL; with one in it the search would match two entries.
  if (entry.includes('\0')) return [];
  const wanted = Buffer.from(`${entry}\0`);
  return listPids().filter((pid) => pid !== process.pid && holds(readEnvironment(pid), wanted));
}

function holds(environment: Buffer | undefined, wanted: Buffer): boolean {
  if (!environment) return false;
  let at = environment.indexOf(wanted);
  while (at > 0 && environment[at - 1] !== 0) at = environment.indexOf(wanted, at + 1);
  return at !== -1;
}
