import { lstatSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Claim, errnoOf, type Hold, makeDirectory, makePrivateDirectory } from '@csa/session/files';
import type { BriefPlaces } from './places.ts';
import type { Trigger } from './trigger.ts';

/** Nobody who refreshes takes longer: whoever still has it then was stopped, or hangs. */
const LOCK_MS = 60_000;
const FORCED_PATIENCE_MS = 5_000;
const LOOK_MS = 50;

/**
 * Takes the lock of those who refresh a project's brief, of whom there is one at a time on the whole machine. Whoever
 * was killed holds it no longer, and who was stopped not for ever: should it go on one day, what it writes is a pair of
 * its own watermark, which no reader believes of newer records.
 * @returns `undefined` where somebody else has it, after five seconds for whoever asks by hand
 * @throws a system error where it cannot be taken
 */
export async function lockBrief(places: BriefPlaces, trigger: Trigger): Promise<Hold | undefined> {
  makeWorkshop(places, trigger);
  const claim = new Claim({ directory: places.workshop, name: 'lock', isOverInTime: true }, ['refresh']);
  const giveUpAt = performance.now() + (trigger === 'forced' ? FORCED_PATIENCE_MS : 0);
  for (;;) {
    const taken = await claim.take('refresh', Date.now() + LOCK_MS);
    if ('release' in taken) return taken;
    if (taken.kind === 'unreadable') throw new Error(`the lock in ${places.workshop} cannot be read`);
    if (performance.now() >= giveUpAt) return undefined;
    await sleep(LOOK_MS);
  }
}

/** Only whoever asks by hand makes a folder for a project: one that is gone was removed, with its sessions. */
function makeWorkshop({ folder, workshop }: BriefPlaces, trigger: Trigger): void {
  if (trigger === 'forced') makeDirectory(folder);
  try {
    makePrivateDirectory(workshop);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST' || !lstatSync(workshop).isDirectory()) throw error;
  }
}
