import type { WarmAnswer } from '../drivers/driver.ts';
import { costOf } from '../policy/economics.ts';
import { judgeWarm } from '../policy/judge.ts';
import type { Usage } from '../policy/usage.ts';
import type { LedgerEntry } from '../store/ledger-entry.ts';
import type { Evidence } from './evidence.ts';

export type BeatEntry = Extract<LedgerEntry, { kind: 'beat' }>;

/** One request from its sending to its answer. Wall times in milliseconds since the epoch. */
export interface Span {
  readonly id: string;
  readonly generation: number;
  readonly sentAt: number;
  readonly endedAt: number;
  readonly durationMs: number;
}

/** What came of it. */
export interface Outcome {
  readonly answer: WarmAnswer;
  /** Before it was sent. */
  readonly evidence: Evidence;
  readonly driver: string;
  /** It was called off. */
  readonly isStale: boolean;
  /** The prefix was cold, and was to be written anew. */
  readonly isRevival: boolean;
}

/** The books' line about a request: what it has proved, and what it cost as far as that is known. */
export function entryOf({ sentAt, endedAt, ...span }: Span, outcome: Outcome): BeatEntry {
  const { answer, evidence, driver, isStale, isRevival } = outcome;
  const expected = evidence.prefixTokens ?? null;
  const startedAt = Math.max(sentAt, Math.min(answer.startedAt ?? sentAt, endedAt));
  const known = { kind: 'beat', ...span, driver, expected } as const;
  const marks = { ...(isRevival ? { revival: true as const } : {}), ...(isStale ? { stale: true as const } : {}) };
  if (answer.kind === 'answered') {
    const { usage } = answer;
    const cost = answer.cost ?? (usage === null ? null : costOf(usage, evidence.pricing));
    const judged = isRevival ? asRead(usage) : usage;
    return { ...known, at: startedAt, verdict: judgeWarm(judged, evidence.prefixTokens), usage, cost, ...marks };
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
    ...marks,
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
