import type { Completion, Reading, SessionResult } from '@csa/session';

/** Why nobody can say whether a daemon lives. */
export type UnknownReason =
  | 'starting'
  | 'death-unconfirmed'
  | 'daemon-unreadable'
  | 'io-error'
  | 'other-machine'
  | 'other-pid-namespace'
  | 'proc-hidden'
  | 'unproven-pid'
  | 'invalid-pid';

export type DaemonFact =
  | { readonly state: 'alive' }
  | { readonly state: 'dead' }
  | { readonly state: 'unknown'; readonly reason: UnknownReason };

/** All that a verdict may depend on. Modification times, log growth and CPU are no facts. */
export interface Facts {
  readonly daemon: DaemonFact;
  readonly completion: Reading<Completion>;
  readonly result: Reading<SessionResult>;
  /** The supervisor promised to write result.toml once, and the session is still its own. */
  readonly publishedOnce: boolean;
  /** The caller takes a foreign daemon's result although that daemon may still rewrite it. */
  readonly trustResult: boolean;
  readonly capReached: boolean;
}
