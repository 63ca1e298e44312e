import type { ProcessDescriptor } from 'ps-list';

/** What ps(1) tells of one process. It shows no process state, so that a zombie looks alive here. */
export interface TableEntry {
  /** Whole seconds since the epoch, as decimal text; absent where ps gave none that could be read. */
  readonly startTime?: string;
  /** Empty where ps gave none. */
  readonly commandLine: string;
}

/**
 * Look a process up with ps(1), for machines without /proc; undefined when it is not listed. Starts two processes.
 *
 * @throws when ps cannot be run
 */
export async function lookUp(pid: number): Promise<TableEntry | undefined> {
  // Loaded only here: with /proc it is never needed, and a waiter should start fast.
  const { default: psList } = await import('ps-list');
  return findEntry(await psList(), pid);
}

/** The entry of `pid` in a list of ps-list. */
export function findEntry(list: readonly ProcessDescriptor[], pid: number): TableEntry | undefined {
  const found = list.find((descriptor) => descriptor.pid === pid);
  if (!found) return undefined;
  const started = found.startTime?.getTime();
  return {
    ...(started === undefined || Number.isNaN(started) ? {} : { startTime: String(Math.floor(started / 1000)) }),
    commandLine: found.cmd ?? '',
  };
}
