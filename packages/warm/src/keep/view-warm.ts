import { errnoOf } from '@csa/session';
import type { Turn } from '@csa/transcript';
import type { Books } from '../policy/books.ts';
import { isCoolingDown } from '../policy/decide.ts';
import { AHEAD_MS, type CacheState, cacheState } from '../policy/life.ts';
import type { WarmReason } from '../policy/reason.ts';
import type { Limit } from '../store/flight.ts';
import type { LedgerEntry } from '../store/ledger-entry.ts';
import type { WarmKey } from '../store/warm-key.ts';
import type { WarmRecord } from '../store/warm-record.ts';
import type { WarmSettings, WarmState } from '../store/warm-state.ts';
import { backoffUntil, limitedUntil } from './backoff.ts';
import { weigh } from './evidence.ts';
import { useOf } from './open-books.ts';

/** What is shown of one conversation that was ever switched on. Times in milliseconds. */
export interface WarmView {
  readonly key: WarmKey;
  readonly power: PowerView;
  /** `wait`: a wait warms beside its waiting. */
  readonly heartbeat: 'running' | 'wait' | 'none' | 'unknown';
  /** Until the next beat is due; absent: none is to come before the caller itself has used the prefix, or does so now. */
  readonly nextBeatMs?: number;
  readonly caller: WarmState['caller'];
  readonly cache: CacheState;
  /** `null`: they cannot be read now. */
  readonly books: Books | null;
  readonly driver: string;
  readonly intervalMs: number;
  readonly ttl: WarmSettings['ttl'];
  readonly settings: WarmSettings;
  readonly lastBeat?: Extract<LedgerEntry, { kind: 'beat' }>;
}

export type PowerView =
  | { readonly kind: 'on'; readonly leftMs: number }
  | { readonly kind: 'off'; readonly at: number; readonly reason: WarmReason };

/** What is known beside a record's own files. */
export interface ViewAround {
  /** As in `weigh`. */
  readonly others?: readonly LedgerEntry[];
  /**
   * The caller's own requests, as its transcript tells. A keeper ends with its session, before the caller returns: that
   * its warms have paid is seen there alone.
   */
  readonly turns?: readonly Turn[];
  /** What the provider has last told anybody with the same credential. */
  readonly limit?: Limit | undefined;
}

/** Looks at a record at `now` (milliseconds since the epoch); `undefined` where nothing was ever switched on. */
export async function viewWarm(
  record: WarmRecord,
  now: number,
  { others, turns = [], limit }: ViewAround = {},
): Promise<WarmView | undefined> {
  const state = record.readState();
  if (state === undefined) return undefined;
  const holder = await record.claim.holder();
  const entries = tryRead(record);
  const known = [...(entries ?? []), ...turns.map(useOf)];
  const { anchor, isAnchorKnown, books, ttl, intervalMs } = weigh(state, known, others);
  const power = powerAt(state, now);
  // What lies ahead says nothing: a clock was set.
  const isAgeKnown = isAnchorKnown && anchor - now <= AHEAD_MS;
  const ageMs = Math.max(0, now - anchor);
  const leftAloneUntil = Math.max(backoffUntil(known, ttl.ms), limitedUntil(limit, ttl.ms, now));
  const dueMs = Math.max(intervalMs - ageMs, leftAloneUntil - now, 0);
  const isSent = power.kind === 'on' && holder.kind !== 'nobody' && state.caller === 'idle';
  const beats = isSent && ageMs + dueMs < ttl.ms && !isCoolingDown(books.sinceUse);
  const lastBeat = entries?.findLast((entry) => entry.kind === 'beat');
  return {
    key: record.key,
    power,
    heartbeat: heartbeatOf(holder),
    ...(beats ? { nextBeatMs: dueMs } : {}),
    caller: state.caller,
    cache: cacheState({
      ttlMs: ttl.ms,
      ...(isAgeKnown ? { ageMs } : {}),
      ...(books.sinceUse.lastVerdict === undefined ? {} : { lastVerdict: books.sinceUse.lastVerdict }),
    }),
    books: entries === undefined ? null : books,
    driver: state.settings.driver.name,
    intervalMs,
    ttl,
    settings: state.settings,
    ...(lastBeat === undefined ? {} : { lastBeat }),
  };
}

/** A time that is over is over, also where nobody lived to write it down. */
function powerAt({ power }: WarmState, now: number): PowerView {
  if (power.kind === 'off') return { kind: 'off', at: power.at, reason: power.reason };
  const leftMs = power.until - now;
  return leftMs > 0 ? { kind: 'on', leftMs } : { kind: 'off', at: power.until, reason: 'duration_elapsed' };
}

function heartbeatOf(holder: Awaited<ReturnType<WarmRecord['claim']['holder']>>): WarmView['heartbeat'] {
  if (holder.kind === 'nobody') return 'none';
  if (holder.kind !== 'alive') return 'unknown';
  return holder.role === 'wait' ? 'wait' : 'running';
}

function tryRead(record: WarmRecord): LedgerEntry[] | undefined {
  try {
    return record.readLedger();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
