import { randomUUID } from 'node:crypto';
import { errnoOf } from '@csa/session';
import type { Driver, WarmAnswer, WarmContext } from '../drivers/driver.ts';
import type { WarmState } from '../store/warm-state.ts';
import { type BeatEntry, entryOf } from './beat-entry.ts';
import type { Evidence } from './evidence.ts';
import type { KeeperClock } from './keeper-clock.ts';
import type { SessionFact } from './keeper-parts.ts';
import type { OpenBooks } from './open-books.ts';

/** One beat's parts: a verified request, and where it is written down. */
export interface BeatParts {
  readonly driver: Driver;
  readonly books: OpenBooks;
  readonly clock: KeeperClock;
  /** What the state says now. May throw a system error. */
  readonly readState: () => WarmState | undefined;
  /** Whether what the caller waits for goes on. Never rejects. */
  readonly session: () => Promise<SessionFact>;
  readonly onProcess: NonNullable<WarmContext['onProcess']>;
}

export interface BeatOrder {
  readonly state: WarmState;
  readonly evidence: Evidence;
  /** The prefix is cold, and is to be written anew. */
  readonly isRevival: boolean;
  /** Milliseconds that the request may take. */
  readonly timeoutMs: number;
}

export interface Beaten {
  readonly entry: BeatEntry;
  readonly answer: WarmAnswer;
  /** When it was sent, on the monotonic clock. */
  readonly sentAt: number;
}

/** How often is looked, while a request is under way, whether it is still wanted. */
const LOOK_MS = 250;
/** A driver that was told to end, and has not after so many milliseconds, is left to itself. */
export const ABORT_MS = 3_000;

/**
 * Sends one request and writes down what it proves. It is announced in the books before it is sent. When the caller
 * becomes active, the session ends, or anything else about the state changes, it is called off; an answer that comes
 * nevertheless is `stale`: paid for, and proof of nothing.
 *
 * @throws a system error when it cannot be announced: nothing was sent
 */
export async function beat(parts: BeatParts, order: BeatOrder, signal: AbortSignal): Promise<Beaten> {
  const { books, clock } = parts;
  const driver = parts.driver.name;
  const id = randomUUID();
  const at = clock.wall();
  const sentAt = clock.monotonic();
  const { generation } = order.state;
  books.announce({ kind: 'sending', id, at, generation, ...(order.isRevival ? { revival: true } : {}) });
  const { answer, isUnwanted } = await send(parts, order, signal);
  const isStale = signal.aborted || isUnwanted || wish(order.state, parts.readState) !== 'wanted';
  const durationMs = Math.round(clock.monotonic() - sentAt);
  const span = { id, generation, sentAt: at, endedAt: clock.wall(), durationMs };
  const entry = entryOf(span, { answer, evidence: order.evidence, driver, isStale, isRevival: order.isRevival });
  books.settle(entry);
  return { entry, answer, sentAt };
}

/** Whether a request that was sent under one state is still wanted under the one of now. */
function wish(sent: WarmState, readState: BeatParts['readState']): 'wanted' | 'unwanted' | 'unknown' {
  try {
    const now = readState();
    const isWanted = now?.generation === sent.generation && now.power.kind === 'on' && now.caller === 'idle';
    return isWanted ? 'wanted' : 'unwanted';
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return 'unknown';
  }
}

/** `isUnwanted`: it was called off before it was answered. */
async function send(
  parts: BeatParts,
  order: BeatOrder,
  signal: AbortSignal,
): Promise<{ readonly answer: WarmAnswer; readonly isUnwanted: boolean }> {
  const { driver, clock, onProcess } = parts;
  const { state, timeoutMs } = order;
  const over = new AbortController();
  const [unwanted, late] = [new AbortController(), new AbortController()];
  const ending = AbortSignal.any([signal, unwanted.signal, late.signal]);
  const request = warmSafely(driver, { ...contextOf(order), onProcess }, ending).finally(() => over.abort());
  void watchOver(parts, state, { over: AbortSignal.any([signal, over.signal]), callOff: () => unwanted.abort() });
  await clock.sleep(timeoutMs, AbortSignal.any([ending, over.signal]));
  const isUnwanted = unwanted.signal.aborted;
  late.abort();
  if (!over.signal.aborted) await clock.sleep(ABORT_MS, over.signal);
  return { answer: over.signal.aborted ? await request : ENDLESS, isUnwanted };
}

function contextOf({ state: { key, settings }, evidence, isRevival, timeoutMs }: BeatOrder): WarmContext {
  return {
    caller: key.caller.id,
    session: key.session,
    cwd: settings.cwd,
    timeoutMs,
    ttlMs: evidence.ttl.ms,
    ...(evidence.isAnchorKnown ? { anchor: evidence.anchor } : {}),
    ...(isRevival ? { revive: true } : {}),
  };
}

const ENDLESS: WarmAnswer = {
  kind: 'failed',
  error: 'it did not end when it was told to',
  reason: 'aborted',
  retryable: true,
  startedAt: 0,
};

/** Calls a request off as soon as it is no longer wanted. */
async function watchOver(
  { clock, readState, session }: BeatParts,
  state: WarmState,
  { over, callOff }: { over: AbortSignal; callOff: () => void },
): Promise<void> {
  for (;;) {
    await clock.sleep(LOOK_MS, over);
    if (over.aborted) return;
    if (wish(state, readState) === 'unwanted' || (await session()) === 'over') return callOff();
  }
}

/** A driver never rejects by contract; one that does has failed, and is no reason to end. */
async function warmSafely(driver: Driver, context: WarmContext, signal: AbortSignal): Promise<WarmAnswer> {
  try {
    return await driver.warm(context, signal);
  } catch {
    return {
      kind: 'failed',
      error: 'the driver broke',
      reason: 'probe_failed',
      retryable: true,
      startedAt: 0,
    };
  }
}
