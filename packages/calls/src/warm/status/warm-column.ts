import type { StateRoots } from '@csa/session';
import type { WarmRecord } from '@csa/warm/hook';
import { isSending, warmedRecords } from './warmed-records.ts';

/** What a list says of the caches that are kept warm for one session. */
export interface WarmSummary {
  /** `stopped`: it should be on, and nobody sends requests. */
  readonly state: 'on' | 'stopped' | 'off';
  /** Of the conversation that is kept warm the longest. */
  readonly left_ms: number | null;
}

const RANK = { on: 0, stopped: 1, off: 2 } as const;

/** Of those sessions for which a cache was ever kept warm. Never throws: a list is shown whatever stands there. */
export async function readWarmed(
  roots: Pick<StateRoots, 'primary'>,
  sessions: ReadonlySet<string>,
  now: number = Date.now(),
): Promise<ReadonlyMap<string, WarmSummary>> {
  const warmed = new Map<string, WarmSummary>();
  for (const record of await warmedRecords(roots, sessions)) {
    const summary = await summarise(record, now);
    const known = warmed.get(record.key.session);
    if (summary !== undefined && (known === undefined || isBefore(summary, known))) {
      warmed.set(record.key.session, summary);
    }
  }
  return warmed;
}

async function summarise(record: WarmRecord, now: number): Promise<WarmSummary | undefined> {
  try {
    const power = record.readState()?.power;
    if (power === undefined) return undefined;
    const leftMs = power.kind === 'on' ? power.until - now : 0;
    if (leftMs <= 0) return { state: 'off', left_ms: null };
    return { state: (await isSending(record)) ? 'on' : 'stopped', left_ms: leftMs };
  } catch {
    return undefined;
  }
}

function isBefore(one: WarmSummary, other: WarmSummary): boolean {
  if (one.state !== other.state) return RANK[one.state] < RANK[other.state];
  return (one.left_ms ?? 0) > (other.left_ms ?? 0);
}
