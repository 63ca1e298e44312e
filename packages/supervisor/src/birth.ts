import { constants, fchmodSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { holdLifeline, identify, type Lifeline } from '@csa/liveness';
import { bear, FILE_MODE, LIFELINE_FILE, recordDaemon, reserveResult, type Session } from '@csa/session';
import type { Descriptors } from './launch.ts';
import type { Plan } from './plan.ts';

/** A session that everybody can see, with its supervisor's proof of life. */
export interface Born {
  readonly session: Session;
  readonly lifeline: Lifeline | undefined;
  readonly logs: Descriptors;
  readonly warnings: readonly string[];
}

/**
 * Makes the supervisor's records and lets the session appear, whole and already alive.
 * @throws a system error: nothing has appeared
 */
export async function giveBirth(plan: Plan): Promise<Born> {
  const warnings: string[] = [];
  const lifeline = tryLifeline(join(plan.directory, LIFELINE_FILE), warnings);
  reserveResult(plan.directory);
  const logs = { stdout: openLog(plan.directory, 'stdout.log'), stderr: openLog(plan.directory, 'stderr.log') };
  const identity = (await identify(process.pid)) ?? { pid: process.pid };
  recordDaemon(plan.directory, identity, lifeline);
  return { session: bear(plan), lifeline, logs, warnings };
}

/** Without a lifeline a waiter goes by the process's identity: slower, and still right. */
function tryLifeline(path: string, warnings: string[]): Lifeline | undefined {
  try {
    return holdLifeline(path);
  } catch (error) {
    warnings.push(
      `no lifeline, waiters go by the process's identity: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}

function openLog(directory: string, name: string): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW;
  const fd = openSync(join(directory, name), flags, FILE_MODE);
  fchmodSync(fd, FILE_MODE);
  return fd;
}
