import { randomUUID } from 'node:crypto';
import type { Driver, WarmAnswer, WarmContext } from '../drivers/driver.ts';
import { costOf } from '../policy/economics.ts';
import { judgeWarm } from '../policy/judge.ts';
import type { Usage } from '../policy/usage.ts';
import type { LedgerEntry } from '../store/ledger-entry.ts';
import type { WarmState } from '../store/warm-state.ts';
import type { Evidence } from './evidence.ts';
import type { KeeperClock } from './keeper-clock.ts';
import type { OpenBooks } from './open-books.ts';

type BeatEntry = Extract<LedgerEntry, { kind: 'beat' }>;

/** One beat's parts: a verified request, and where it is written down. */
export interface BeatParts {
  readonly driver: Driver;
  readonly books: OpenBooks;
  readonly clock: KeeperClock;
  /** What the state says now. */
  readonly readState: () => WarmState | undefined;
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
/** A driver that was told to end and does not is left to itself. */
const ABORT_MS = 3_000;

/**
 * Sends one request and writes down what it proves. It is announced in the books before it is sent. When the caller
 * becomes active, or anything else about the state changes, it is called off; an answer that comes nevertheless is
 * `stale`: paid for, and proof of nothing.
 *
 * @throws a system error when it cannot be announced: nothing was sent
 */
export async function beat(parts: BeatParts, order: BeatOrder, signal: AbortSignal): Promise<Beaten> {
  const { books, clock } = parts;
  const id = randomUUID();
  const at = clock.wall();
  const sentAt = clock.monotonic();
  const { generation } = order.state;
  books.announce({ kind: 'sending', id, at, generation });
  const answer = await send(parts, order, signal);
  const isStale = signal.aborted || !isWanted(order.state, parts.readState());
  const span = { id, sentAt: at, endedAt: clock.wall(), durationMs: Math.round(clock.monotonic() - sentAt) };
  const entry = entryOf(span, { answer, order, driver: parts.driver.name, isStale });
  books.settle(entry);
  return { entry, answer, sentAt };
}

/** Whether a request that was sent under one state is still wanted under another. */
function isWanted(sent: WarmState, now: WarmState | undefined): boolean {
  return now?.generation === sent.generation && now.power.kind === 'on' && now.caller === 'idle';
}

async function send(parts: BeatParts, { state, evidence, timeoutMs }: BeatOrder, signal: AbortSignal) {
  const { driver, clock } = parts;
  const { key, settings } = state;
  const context: WarmContext = {
    caller: key.caller.id,
    session: key.session,
    cwd: settings.cwd,
    timeoutMs,
    ttlMs: evidence.ttl.ms,
  };
  const over = new AbortController();
  const calledOff = new AbortController();
  const ending = AbortSignal.any([signal, calledOff.signal]);
  const request = warmSafely(driver, context, ending).finally(() => over.abort());
  void watchOver(parts, state, { over: AbortSignal.any([signal, over.signal]), callOff: () => calledOff.abort() });
  await clock.sleep(timeoutMs, AbortSignal.any([ending, over.signal]));
  calledOff.abort();
  if (!over.signal.aborted) await clock.sleep(ABORT_MS, over.signal);
  return over.signal.aborted ? request : ENDLESS;
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
  { clock, readState }: BeatParts,
  state: WarmState,
  { over, callOff }: { over: AbortSignal; callOff: () => void },
): Promise<void> {
  for (;;) {
    await clock.sleep(LOOK_MS, over);
    if (over.aborted) return;
    if (!isWanted(state, readState())) return callOff();
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

interface Span {
  readonly id: string;
  readonly sentAt: number;
  readonly endedAt: number;
  readonly durationMs: number;
}

interface Outcome {
  readonly answer: WarmAnswer;
  readonly order: BeatOrder;
  readonly driver: string;
  readonly isStale: boolean;
}

function entryOf({ id, sentAt, endedAt, durationMs }: Span, { answer, order, driver, isStale }: Outcome): BeatEntry {
  const { evidence, state } = order;
  const expected = evidence.prefixTokens ?? null;
  const startedAt = Math.max(sentAt, Math.min(answer.startedAt ?? sentAt, endedAt));
  const known = { kind: 'beat', id, generation: state.generation, driver, durationMs, expected } as const;
  const stale = isStale ? ({ stale: true } as const) : {};
  if (answer.kind === 'answered') {
    const { usage } = answer;
    const cost = answer.cost ?? (usage === null ? null : costOf(usage, evidence.pricing));
    const judged = order.isRevival ? asRead(usage) : usage;
    return { ...known, at: startedAt, verdict: judgeWarm(judged, evidence.prefixTokens), usage, cost, ...stale };
  }
  const { error, reason, retryAfterMs } = answer;
  return {
    ...known,
    at: startedAt,
    verdict: 'error',
    usage: null,
    cost: isFree(answer) ? 0 : null,
    error,
    // Nobody but the time called it off, where it is not stale.
    reason: reason !== 'aborted' ? reason : isStale ? 'superseded' : 'probe_failed',
    ...stale,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** What a revival has written is there from then on, as if it had been read. */
function asRead(usage: Usage | null): Usage | null {
  if (usage === null || usage.read === null) return usage;
  return { ...usage, read: usage.read + (usage.write ?? 0), write: 0, writeHour: 0 };
}

/** Nothing was sent, or it was refused: providers charge for neither. Of all others nobody knows. */
function isFree(answer: Extract<WarmAnswer, { kind: 'failed' }>): boolean {
  return answer.startedAt === undefined || REFUSALS.has(answer.reason);
}

const REFUSALS: ReadonlySet<string> = new Set(['driver_unavailable', 'not_replayable', 'predicted_cold', 'backoff']);
