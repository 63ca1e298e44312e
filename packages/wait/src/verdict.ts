import type { UnknownReason } from './facts.ts';

/** How a session ended, as its records say; the waiter's exit code is made of it elsewhere. */
export interface Outcome {
  readonly status: string;
  readonly success: boolean;
  /** The recorded code, whatever its range. */
  readonly exitCode: number;
  readonly summary?: string;
  readonly tool?: string;
  readonly startedAt?: string;
  readonly completedAt?: string;
  readonly processExitCode?: number;
  /** Free text of the record: a time limit, who stopped it, why it could not start. */
  readonly detail?: string;
  readonly warnings?: readonly string[];
}

export type FailureReason = 'result-unreadable' | 'result-not-final' | 'result-missing' | 'completion-unreadable';

/** What a session's state means for its waiter. */
export type Verdict =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'finished';
      readonly source: 'result' | 'daemon-completion';
      readonly outcome: Outcome;
      readonly reason?: FailureReason;
      /** The result is there and final, its writer has not left yet. */
      readonly daemonAlive: boolean;
    }
  | { readonly kind: 'alive'; readonly provisional?: string }
  | { readonly kind: 'undetermined'; readonly reason: UnknownReason; readonly provisional?: string }
  /** The daemon is dead and recorded nothing. */
  | { readonly kind: 'dead' };

export type Settled = Exclude<Verdict, { kind: 'waiting' }>;
