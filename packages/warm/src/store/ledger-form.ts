import { count, nullable, object, oneOf, optional, type Shape, tagged, text } from '@csa/session/files';
import { WARM_REASONS } from '../policy/reason.ts';
import type { Usage } from '../policy/usage.ts';
import type { LedgerEntry } from './ledger-entry.ts';

const tokens = nullable(count);
const usage: Shape<Usage> = object({ input: tokens, read: tokens, write: tokens, writeHour: tokens, output: tokens });
const mark: Shape<true | undefined> = (value) => (value === true ? true : undefined);

const entry: Shape<LedgerEntry> = tagged<LedgerEntry>('kind', {
  sending: object<Extract<LedgerEntry, { kind: 'sending' }>>({
    kind: oneOf('sending'),
    id: text,
    at: count,
    generation: count,
    revival: mark,
  }),
  beat: object<Extract<LedgerEntry, { kind: 'beat' }>>({
    kind: oneOf('beat'),
    id: text,
    at: count,
    generation: count,
    driver: text,
    verdict: oneOf('full', 'partial', 'short', 'wrote', 'no_usage', 'error'),
    usage: nullable(usage),
    cost: nullable(count),
    durationMs: count,
    expected: nullable(count),
    error: optional(text),
    reason: optional(oneOf(...WARM_REASONS)),
    retryAfterMs: optional(count),
    revival: mark,
    stale: mark,
  }),
  use: object<Extract<LedgerEntry, { kind: 'use' }>>({
    kind: oneOf('use'),
    id: text,
    at: count,
    usage,
    model: optional(text),
    tier: optional(oneOf('5m', '1h')),
  }),
});

/** One line of a ledger; `undefined` for what is none of ours: torn, or of a later version. */
export function parseEntry(line: string): LedgerEntry | undefined {
  try {
    return entry(JSON.parse(line));
  } catch {
    return undefined;
  }
}
