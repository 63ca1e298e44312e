import type { WarmVerdict } from '../store/ledger-entry.ts';
import type { TtlSource } from '../store/warm-state.ts';
import type { CacheTier } from './cache-price.ts';
import { LIVES } from './prices.ts';

const SECOND = 1000;
const DEFAULT_TTL_MS = 240 * SECOND;
const DEFAULT_INTERVAL_MS = 240 * SECOND;
const HOUR_INTERVAL_MS = 55 * 60 * SECOND;
const SHORTEST_INTERVAL_MS = SECOND;
/** Before the end of the predicted life nothing is sent any more: a request takes its time to begin at the other end. */
export const SAFETY_MS: number = 10 * SECOND;

/** Another clock's time may be a little ahead; what is further ahead than this says nothing. */
export const AHEAD_MS: number = 5 * SECOND;

/** The TTL in milliseconds and where it comes from: evidence goes before configuration, and the user before both. */
export function chooseTtl(known: { flagMs?: number; tier?: CacheTier; configMs?: number }): {
  ms: number;
  source: TtlSource;
} {
  if (known.flagMs !== undefined) return { ms: known.flagMs, source: 'flag' };
  if (known.tier !== undefined) return { ms: lifeOf(known.tier), source: 'transcript' };
  if (known.configMs !== undefined) return { ms: known.configMs, source: 'config' };
  return { ms: DEFAULT_TTL_MS, source: 'default' };
}

/** Between two warms, in milliseconds: what was asked for, else 240 s, or 55 min where the prefix lives for an hour. */
export function chooseInterval(givenMs: number | undefined, ttlMs: number): number {
  const wanted = givenMs ?? (ttlMs >= lifeOf('1h') ? HOUR_INTERVAL_MS : DEFAULT_INTERVAL_MS);
  return Math.max(SHORTEST_INTERVAL_MS, Math.min(wanted, ttlMs - SAFETY_MS));
}

/** The tier that a TTL belongs to, for its price. */
export function tierOf(ttlMs: number): CacheTier {
  return ttlMs >= lifeOf('1h') ? '1h' : '5m';
}

export interface CacheFacts {
  /** Since the start of the last request that read or wrote the prefix; absent: none is known. */
  readonly ageMs?: number;
  readonly ttlMs: number;
  /** Of the last warm since the caller's own last request. */
  readonly lastVerdict?: WarmVerdict;
}

/** What is said of the cache, and what it rests on. */
export interface CacheState {
  readonly state: 'warm' | 'expiring' | 'predicted_cold' | 'cold' | 'unknown';
  /** `read`: a warm's usage; `request`: a request of the caller's; `missed`: a warm's usage; `ttl`: only a prediction. */
  readonly evidence: 'read' | 'request' | 'missed' | 'partly_read' | 'ttl' | 'none';
}

/** Whether the prefix is taken to be there, and by what evidence; only usage proves, a TTL predicts. */
export function cacheState({ ageMs, ttlMs, lastVerdict }: CacheFacts): CacheState {
  if (lastVerdict === 'wrote' || lastVerdict === 'short') return { state: 'cold', evidence: 'missed' };
  if (ageMs === undefined) return { state: 'unknown', evidence: 'none' };
  if (ageMs >= ttlMs) return { state: 'predicted_cold', evidence: 'ttl' };
  if (lastVerdict === 'partial') return { state: 'unknown', evidence: 'partly_read' };
  const evidence = lastVerdict === 'full' ? 'read' : 'request';
  return { state: ttlMs - ageMs <= expiringMs(ttlMs) ? 'expiring' : 'warm', evidence };
}

function expiringMs(ttlMs: number): number {
  return Math.min(30 * SECOND, Math.floor(ttlMs / 5));
}

function lifeOf(tier: CacheTier): number {
  return LIVES[tier].seconds * SECOND;
}
