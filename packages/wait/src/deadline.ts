import { CONFIRM_AFTER_MS } from './confirm.ts';

/** Liveness that stays unclear for this long ends even a wait without a cap. */
const UNCLEAR_CAP_MS = 240_000;

/** Since when a wait's state is as it is; monotonic milliseconds. */
export interface Moments {
  readonly start: number;
  /** Milliseconds after `start`; `undefined` waits until it is done. */
  readonly capMs: number | undefined;
  /** The first of two looks that must agree: at a death, or at a target that cannot be followed. */
  readonly doubtSince: number | undefined;
  /** Neither alive nor over: nobody can say what the daemon is, or what a dead one has left. */
  readonly unclearSince: number | undefined;
}

/** The second look is always taken, also past the cap. */
export function isCapReached(moments: Moments, now: number): boolean {
  return secondLookMs(moments, now) <= 0 && now >= capTime(moments);
}

/** Milliseconds until the next thing that time alone brings: a second look, the cap, the safety look. */
export function sleepMs(moments: Moments, now: number, safetyMs: number): number {
  const second = secondLookMs(moments, now);
  const next = second > 0 ? second : capTime(moments) - now;
  return Math.max(0, Math.ceil(Math.min(safetyMs, next)));
}

/** How long until the second look counts; not positive when none is owed. */
function secondLookMs({ doubtSince }: Moments, now: number): number {
  return doubtSince === undefined ? 0 : CONFIRM_AFTER_MS - (now - doubtSince);
}

function capTime({ start, capMs, unclearSince }: Moments): number {
  if (capMs !== undefined) return start + capMs;
  return unclearSince === undefined ? Number.POSITIVE_INFINITY : unclearSince + UNCLEAR_CAP_MS;
}
