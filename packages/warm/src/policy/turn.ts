import { AHEAD_MS } from './life.ts';

const SECOND = 1000;
/** The agent needs time to take its turn: that much before the prefix's end it has to be told. */
const MARGIN_MS = 30 * SECOND;
const DEFAULT_TURN_MS = 240 * SECOND;
/** A turn that ends at once would be taken again at once. */
const SHORTEST_TURN_MS = 5 * SECOND;

export interface TurnFacts {
  readonly ttlMs: number;
  /** Since the start of the caller's last request; absent: unknown, and so is one that lies ahead. */
  readonly ageMs?: number;
  /** What the user allows at most. */
  readonly capMs?: number;
  /** What the caller's shell allows at most. */
  readonly shellMs?: number;
}

export interface TurnPlan {
  /** For how long to block at most, in milliseconds. */
  readonly deadlineMs: number;
  readonly cache: 'warm' | 'predicted-cold' | 'unknown';
}

/**
 * For how long an agent may block before it has to take a turn, which reads its prefix. A cap and a shell's limit only
 * shorten it; a prefix that can't be reached in time is no reason to hurry, and never makes a hot loop.
 */
export function planTurn({ ttlMs, ageMs, capMs, shellMs }: TurnFacts): TurnPlan {
  const { deadlineMs, cache } = uncapped(ttlMs, ageMs);
  return { deadlineMs: Math.min(deadlineMs, capMs ?? deadlineMs, shellMs ?? deadlineMs), cache };
}

function uncapped(ttlMs: number, ageMs: number | undefined): TurnPlan {
  if (ageMs === undefined || ageMs < -AHEAD_MS)
    return { deadlineMs: Math.min(DEFAULT_TURN_MS, ttlMs), cache: 'unknown' };
  const left = ttlMs - Math.max(0, ageMs) - MARGIN_MS;
  if (left <= 0) return { deadlineMs: DEFAULT_TURN_MS, cache: 'predicted-cold' };
  return { deadlineMs: Math.max(SHORTEST_TURN_MS, left), cache: 'warm' };
}
