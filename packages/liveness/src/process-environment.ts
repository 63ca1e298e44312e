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
  return environment !== undefined && entryAt(environment, wanted) !== -1;
}

/** Where an entry begins with these bytes; -1: none does. */
function entryAt(environment: Buffer, beginning: Buffer): number {
  let at = environment.indexOf(beginning);
  while (at > 0 && environment[at - 1] !== 0) at = environment.indexOf(beginning, at + 1);
  return at;
}

/**
 * Every value that the variable has in the environment of a process, with the pids of those processes: one walk, where
 * many values are to be looked for. Processes as above.
 *
 * @throws as above
 */
export function groupByEnvironment(name: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  if (procView() !== 'ours') return found;
  const beginning = Buffer.from(`${name}=`);
  for (const pid of listPids()) {
    const value = pid === process.pid ? undefined : valueIn(readEnvironment(pid), beginning);
    if (value !== undefined) found.set(value, [...(found.get(value) ?? []), pid]);
  }
  return found;
}

/** Of a name that is there twice the first value, as getenv(3) gives it. */
function valueIn(environment: Buffer | undefined, beginning: Buffer): string | undefined {
  const at = environment === undefined ? -1 : entryAt(environment, beginning);
  if (environment === undefined || at === -1) return undefined;
  const end = environment.indexOf(0, at);
  return environment.toString('utf8', at + beginning.length, end === -1 ? environment.length : end);
}
