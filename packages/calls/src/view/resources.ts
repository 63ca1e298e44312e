import { measureProcessTree, type ProcessUse, probe } from '@csa/liveness';
import { cleanLine } from '@csa/markers';
import { findBearers, readCommand, type Session } from '@csa/session';
import type { WaitedSession } from '../wait/wait-session.ts';

/** What the processes of a session use now. */
export interface Resources {
  readonly processes: number;
  /** CPU time in milliseconds, that of ended children included. */
  readonly cpu_ms: number;
  readonly resident_bytes: number;
  /** The largest ones. */
  readonly largest: ReadonlyArray<{
    readonly pid: number;
    readonly name: string;
    readonly cpu_ms: number;
    readonly resident_bytes: number;
  }>;
}

const MAX_LISTED = 50;
const MAX_NAME_BYTES = 64;

/**
 * Measures the command and all that descends from it, wherever it went. `undefined` where nothing of it can run any
 * more, or where its processes cannot be seen: what a status says beside this stands without it.
 */
export async function measureSession({ session, waited, survivor }: WaitedSession): Promise<Resources | undefined> {
  if (waited.end.kind !== 'alive' && survivor === undefined) return undefined;
  try {
    const uses = await measureTree(session);
    return uses === undefined ? undefined : summarize(uses);
  } catch {
    return undefined;
  }
}

async function measureTree(session: Session): Promise<ProcessUse[] | undefined> {
  const bearers = findBearers(session.id);
  const command = readCommand(session);
  const isCommandAlive = command.kind === 'present' && (await probe(command.value)).state === 'alive';
  const leader = isCommandAlive ? command.value.pid : bearers[0];
  return leader === undefined ? [] : measureProcessTree({ leader, extra: bearers });
}

function summarize(uses: readonly ProcessUse[]): Resources {
  const largest = uses.toSorted((a, b) => b.residentBytes - a.residentBytes).slice(0, MAX_LISTED);
  return {
    processes: uses.length,
    cpu_ms: uses.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    resident_bytes: uses.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
    largest: largest.map(({ pid, name, cpuMs, residentBytes }) => ({
      pid,
      name: cleanLine(name, MAX_NAME_BYTES),
      cpu_ms: cpuMs,
      resident_bytes: residentBytes,
    })),
  };
}
