import type { LedgerEntry } from '../store/ledger-entry.ts';
import type { WarmReason } from './reason.ts';

export type Beat = Extract<LedgerEntry, { kind: 'beat' }>;
export type Use = Extract<LedgerEntry, { kind: 'use' }>;
/** One that was answered or has failed, or one whose end nobody lived to see. */
export type Attempt = Beat | Extract<LedgerEntry, { kind: 'sending' }>;

/** Failures for which nobody was asked, or whoever was asked refused. */
const REFUSALS: ReadonlySet<WarmReason | undefined> = new Set<WarmReason>([
  'backoff',
  'driver_unavailable',
  'not_replayable',
  'predicted_cold',
]);

/** The caller's own requests in the order in which they began, each id once. */
export function usesOf(entries: readonly LedgerEntry[]): readonly Use[] {
  return once(entries.filter((entry) => entry.kind === 'use'));
}

/** All attempts in the order in which they began, each once: its answer where there is one, else its announcement. */
export function attemptsOf(entries: readonly LedgerEntry[]): readonly Attempt[] {
  const beats = once(entries.filter((entry) => entry.kind === 'beat'));
  const answered = new Set(beats.map(({ id }) => id));
  const unanswered = once(entries.filter((entry) => entry.kind === 'sending')).filter(({ id }) => !answered.has(id));
  return [...beats, ...unanswered].sort((a, b) => a.at - b.at);
}

/** Whether nobody was asked, or whoever was asked refused: there is nothing to pay for. */
export function isRefused(attempt: Attempt): boolean {
  return attempt.kind === 'beat' && attempt.verdict === 'error' && (attempt.cost === 0 || REFUSALS.has(attempt.reason));
}

/** Whether a warm has shown that the caller's prefix was there, while it still counted. */
export function isProof(attempt: Attempt): attempt is Beat {
  return attempt.kind === 'beat' && attempt.verdict === 'full' && attempt.stale !== true;
}

function once<T extends LedgerEntry>(entries: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return entries.toSorted((a, b) => a.at - b.at).filter(({ id }) => !seen.has(id) && seen.add(id));
}
