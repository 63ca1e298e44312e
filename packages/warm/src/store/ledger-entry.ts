import type { CacheTier } from '../policy/pricing.ts';
import type { WarmReason } from '../policy/reason.ts';
import type { Usage } from '../policy/usage.ts';

/** What one warm proved. */
export type WarmVerdict = 'full' | 'partial' | 'short' | 'wrote' | 'no_usage' | 'error';

/**
 * One line of a conversation's books. `sending` stands before the request is sent, so that one whose answer nobody
 * lived to see is counted; a `beat` with the same id takes its place. `use`: the caller's own request. Times in
 * milliseconds since the epoch, money in billionths of a dollar.
 */
export type LedgerEntry =
  | {
      readonly kind: 'sending';
      readonly id: string;
      readonly at: number;
      readonly generation: number;
      /** As of a `beat`. */
      readonly revival?: true;
    }
  | {
      readonly kind: 'beat';
      readonly id: string;
      /** When the request began. */
      readonly at: number;
      readonly generation: number;
      readonly driver: string;
      readonly verdict: WarmVerdict;
      readonly usage: Usage | null;
      /** `null`: the price is unknown. */
      readonly cost: number | null;
      readonly durationMs: number;
      /** The prefix that was to be read, in tokens. */
      readonly expected: number | null;
      readonly error?: string;
      readonly reason?: WarmReason;
      /** Milliseconds for which the provider wanted to be left alone from then on. */
      readonly retryAfterMs?: number;
      /** The prefix was cold, and was to be written anew: what nobody counted is a write. */
      readonly revival?: true;
      /** It was answered after it had been called off: paid for, and proof of nothing. */
      readonly stale?: true;
    }
  | {
      readonly kind: 'use';
      readonly id: string;
      readonly at: number;
      readonly usage: Usage;
      readonly model?: string;
      /** The tier that the caller's requests write to, as far as its transcript tells. */
      readonly tier?: CacheTier;
    };
