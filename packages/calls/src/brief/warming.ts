import { type BriefWarming, heartbeatName } from '@csa/brief';
import { cleanLine } from '@csa/markers';
import type { StateRoots } from '@csa/session';
import type { WarmRecord } from '@csa/warm/hook';
import type { Hints, HintTarget } from '../hints.ts';
import { callerName } from '../warm/caller-name.ts';
import { isSending, warmedRecords } from '../warm/status/warmed-records.ts';

const MAX_CALLER_BYTES = 120;

/** The conversations whose caches are to be kept warm for these sessions, in the same order each time. Never throws. */
export async function readWarming(
  roots: StateRoots,
  targets: readonly HintTarget[],
  hints: Hints,
): Promise<BriefWarming[]> {
  const warming: BriefWarming[] = [];
  for (const record of await recordsOf(roots, new Set(targets.map(({ id }) => id)))) {
    const target = targets.find(({ id }) => id === record.key.session);
    const until = onUntil(record);
    if (target === undefined || until === undefined) continue;
    warming.push({
      ...namesOf(record),
      state: (await isKnownToSend(record)) ? 'on' : 'stopped',
      until,
      command: hints.session('warm status', target),
    });
  }
  return warming.sort((a, b) => (orderOf(a) < orderOf(b) ? 1 : -1));
}

/** Whether each of these heartbeats goes on, by their names. Never throws. */
export async function areBeating(roots: StateRoots, names: readonly string[]): Promise<boolean> {
  const beating = new Set<string>();
  const sessions = new Set(names.map((name) => name.slice(0, name.indexOf(' '))));
  for (const record of await recordsOf(roots, sessions)) {
    if (await isKnownToSend(record)) beating.add(heartbeatName(namesOf(record)));
  }
  return names.every((name) => beating.has(name));
}

/** What changes when warming for one of these sessions is switched. Never throws. */
export async function warmPlaces(roots: StateRoots, sessions: ReadonlySet<string>): Promise<string[]> {
  return (await recordsOf(roots, sessions)).map(({ directory }) => directory);
}

/** What else a brief says stands without it. */
async function recordsOf(roots: StateRoots, sessions: ReadonlySet<string>): Promise<WarmRecord[]> {
  try {
    return await warmedRecords(roots, sessions);
  } catch {
    return [];
  }
}

function namesOf({ key: { session, caller } }: WarmRecord): Pick<BriefWarming, 'session' | 'caller'> {
  return { session, caller: cleanLine(callerName(caller), MAX_CALLER_BYTES) };
}

function onUntil(record: WarmRecord): number | undefined {
  try {
    const power = record.readState()?.power;
    return power?.kind === 'on' && power.until > Date.now() ? power.until : undefined;
  } catch {
    return undefined;
  }
}

async function isKnownToSend(record: WarmRecord): Promise<boolean> {
  try {
    return await isSending(record);
  } catch {
    return false;
  }
}

function orderOf({ session, caller }: BriefWarming): string {
  return `${session} ${caller}`;
}
