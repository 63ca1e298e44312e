import type { ProcessIdentity } from '@csa/liveness';
import type { WarmReason } from '../policy/reason.ts';
import type { Usage } from '../policy/usage.ts';

/** What a driver is told of the conversation that it is to keep warm. */
export interface WarmContext {
  /** The caller's own id, as its agent gave it. */
  readonly caller: string;
  /** The id of the session that the caller waits for. */
  readonly session: string;
  /** Where the conversation takes place: its working directory. */
  readonly cwd: string;
  /** Milliseconds that the request may take. */
  readonly timeoutMs: number;
  /** Milliseconds for which the provider is taken to keep the prefix. */
  readonly ttlMs: number;
  /**
   * When the last request began that is known to have read or written the prefix, in milliseconds since the epoch:
   * from there it lives. Absent: the driver goes by what it knows itself.
   */
  readonly anchor?: number;
  /** What is predicted cold is to be written anew; asked for by name. */
  readonly revive?: true;
  /** Is told of each program that is started for the request: the leader of a group of its own. Never throws. */
  readonly onProcess?: (leader: ProcessIdentity) => void;
}

/**
 * What came of one request. Nothing in it may show a credential or a prompt: `error` is made of our own words, a
 * status and an error type.
 */
export type WarmAnswer =
  | {
      readonly kind: 'answered';
      /** `null`: the answer says nothing of it, and so proves nothing. */
      readonly usage: Usage | null;
      /** When the request began, in milliseconds since the epoch: from there the prefix lives. */
      readonly startedAt: number;
      /** Billionths of a dollar, where the driver knows better than the price table. */
      readonly cost?: number;
    }
  | {
      readonly kind: 'failed';
      readonly error: string;
      readonly reason: FailureReason;
      readonly retryable: boolean;
      /** Milliseconds that the provider wants to be left alone for. */
      readonly retryAfterMs?: number;
      /** Absent: nothing was sent. */
      readonly startedAt?: number;
    };

/** `aborted` is no reason of the closed set's: whoever aborted it knows why. */
export type FailureReason =
  | Extract<WarmReason, 'driver_unavailable' | 'not_replayable' | 'predicted_cold' | 'backoff' | 'probe_failed'>
  | 'aborted';

/** Sends one real request that reads the caller's prefix. */
export interface Driver {
  readonly name: string;
  /** What two conversations share that must not ask at the same time; says where a credential comes from, never what it is. */
  readonly credential: string;
  /** Never throws and never rejects; ends soon after `signal` is aborted. */
  warm(context: WarmContext, signal: AbortSignal): Promise<WarmAnswer>;
}
