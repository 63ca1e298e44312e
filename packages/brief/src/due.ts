import { lstatSync } from 'node:fs';
import type { BriefPlaces } from './places.ts';

/** What a supervisor needs, which stays small: whether it is time for a refresh, and nothing of what that takes. */
export { minIntervalMs } from './freshness.ts';
export { type BriefPlaces, briefPlaces } from './places.ts';

export interface DueWish {
  /** Milliseconds. */
  readonly minIntervalMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Whether a refresh that nobody but time asks for is due: longer ago than the interval somebody has looked, or one of
 * the two files is not there. Reads nothing but times, and follows no link: a supervisor is to hang in nobody's file
 * system. Never throws.
 */
export function isDue({ payload, sidecar }: BriefPlaces, { minIntervalMs, now }: DueWish): boolean {
  try {
    const lookedAt = lstatSync(sidecar, { throwIfNoEntry: false })?.mtimeMs;
    if (lookedAt === undefined || lstatSync(payload, { throwIfNoEntry: false }) === undefined) return true;
    // A clock that was ahead would keep it as it is until then.
    return Math.abs(now - lookedAt) >= minIntervalMs;
  } catch {
    return true;
  }
}
