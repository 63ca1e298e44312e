import { AHEAD_MS } from '../policy/life.ts';
import type { Limit } from '../store/flight.ts';
import type { LedgerEntry } from '../store/ledger-entry.ts';

type Beat = Extract<LedgerEntry, { kind: 'beat' }>;

const FIRST_MS = 10_000;
const LONGEST_MS = 300_000;

/**
 * Until when a provider is left alone, in milliseconds since the epoch; 0: it may be asked. One that is overloaded or
 * has limited us is not asked again within the prefix's life; after other failures each pause is twice the one before.
 */
export function backoffUntil(entries: readonly LedgerEntry[], ttlMs: number): number {
  const failures = failuresInARow(entries);
  const last = failures[0];
  const wanted = wantedUntil(entries, ttlMs);
  if (last === undefined) return wanted;
  return Math.max(wanted, endOf(last) + Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(20, failures.length - 1)));
}

/** What whoever asks with the same credential is to know of a request; `undefined`: nothing. */
export function limitBy(beat: Beat): Limit | undefined {
  if (beat.verdict !== 'error' || beat.reason !== 'backoff') return undefined;
  return { at: beat.at, until: beat.retryAfterMs === undefined ? 0 : endOf(beat) + beat.retryAfterMs };
}

/**
 * Until when a provider is left alone that has limited somebody else with the same credential, as if it had been
 * oneself. One that lies ahead of `now` says nothing, for a clock was set: it would hold up all for as long.
 */
export function limitedUntil(limit: Limit | undefined, ttlMs: number, now: number): number {
  return limit === undefined || limit.at > now + AHEAD_MS ? 0 : Math.max(limit.until, limit.at + ttlMs);
}

/** By the provider's own word, which neither a request of the caller's takes back, nor that the warm was called off. */
function wantedUntil(entries: readonly LedgerEntry[], ttlMs: number): number {
  return entries.reduce(
    (latest, entry) => (entry.kind === 'beat' ? Math.max(latest, limitOf(entry, ttlMs)) : latest),
    0,
  );
}

function limitOf(beat: Beat, ttlMs: number): number {
  const asked = beat.retryAfterMs === undefined ? 0 : endOf(beat) + beat.retryAfterMs;
  return beat.verdict === 'error' && beat.reason === 'backoff' ? Math.max(asked, beat.at + ttlMs) : asked;
}

function endOf({ at, durationMs }: Beat): number {
  return at + durationMs;
}

/** The newest first. What was called off is no failure. */
function failuresInARow(entries: readonly LedgerEntry[]): Beat[] {
  const newest = entries.filter((entry) => entry.kind !== 'sending').sort((a, b) => b.at - a.at);
  const failures: Beat[] = [];
  for (const entry of newest) {
    if (entry.kind === 'beat' && entry.stale) continue;
    if (entry.kind === 'use' || entry.verdict !== 'error') break;
    failures.push(entry);
  }
  return failures;
}
