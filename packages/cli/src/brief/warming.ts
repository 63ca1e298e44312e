import { existsSync } from 'node:fs';
import type { BriefWarming } from '@csa/brief';
import { cleanLine } from '@csa/markers';
import type { WarmRecord } from '@csa/warm/hook';
import type { Hints, HintTarget } from '../hints.ts';
import { callerName } from '../warm/caller-name.ts';

const MAX_CALLER_BYTES = 120;

/**
 * The conversations whose caches are to be kept warm for these sessions, by id. Where none ever was nothing is loaded.
 * Never throws: the rest of a brief stands without it.
 */
export async function readWarming(
  stateRoot: string,
  targets: ReadonlyMap<string, HintTarget>,
  hints: Hints,
): Promise<BriefWarming[]> {
  if (targets.size === 0 || !existsSync(`${stateRoot}/.warm`)) return [];
  try {
    const { WarmStore } = await import('@csa/warm/hook');
    const records = new WarmStore(stateRoot).list({ session: new Set(targets.keys()) });
    const read = await Promise.all(records.map((record) => warmingOf(record, targets, hints)));
    return read.filter((warming) => warming !== undefined).sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));
  } catch {
    return [];
  }
}

async function warmingOf(
  record: WarmRecord,
  targets: ReadonlyMap<string, HintTarget>,
  hints: Hints,
): Promise<BriefWarming | undefined> {
  const power = record.readState()?.power;
  const target = targets.get(record.key.session);
  if (target === undefined || power?.kind !== 'on' || power.until <= Date.now()) return undefined;
  const isRunning = (await record.claim.holder()).kind !== 'nobody';
  return {
    session: record.key.session,
    caller: cleanLine(callerName(record.key.caller), MAX_CALLER_BYTES),
    state: isRunning ? 'on' : 'stopped',
    until: power.until,
    command: hints.session('warm status', target),
  };
}

/** The same facts in the same order, whatever order the directory has them in. */
function keyOf({ session, caller }: BriefWarming): string {
  return `${session} ${caller}`;
}
