import { statSync } from 'node:fs';
import type { BriefPlaces } from './places.ts';

export { type BriefPlaces, briefPlaces } from './places.ts';

const DEFAULT_MIN_INTERVAL_MS = 60_000;

export function minIntervalMs(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env['CSA_BRIEF_REFRESH_MIN_SEC'] || Number.NaN);
  return seconds >= 0 && Number.isFinite(seconds) ? seconds * 1000 : DEFAULT_MIN_INTERVAL_MS;
}

/**
 * Whether a refresh that only time asks for has something to find out: the brief was looked after longer ago, or is not
 * whole. It reads nothing, so that whoever asks on each of its ticks may do so. Never throws.
 */
export function isDue(
  { payload, sidecar }: BriefPlaces,
  { minIntervalMs, now }: { minIntervalMs: number; now: number },
): boolean {
  try {
    const at = statSync(sidecar, { throwIfNoEntry: false })?.mtimeMs;
    if (at === undefined || statSync(payload, { throwIfNoEntry: false }) === undefined) return true;
    return now - at >= minIntervalMs;
  } catch {
    return true;
  }
}
