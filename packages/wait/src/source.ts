import type { Completion, DaemonRecord, Reading, SessionMetadata, SessionResult } from '@csa/session';
import type { UnknownReason } from './facts.ts';

/** What one look at a daemon showed. `conclusive`: the kernel's own word, which needs no second look. */
export type DaemonLook =
  | { readonly state: 'alive' }
  | { readonly state: 'dead'; readonly conclusive: boolean }
  | { readonly state: 'unknown'; readonly reason: UnknownReason };

/** Why a wrapper session's target cannot be followed. */
export type AliasTrouble = 'alias-invalid' | 'alias-missing' | 'alias-loop' | 'alias-too-long';

/** One look at a session, its daemon looked at before its files. */
export type Observation =
  | {
      readonly kind: 'session';
      /** Tells one session from another: a wrapper and its target differ. */
      readonly session: string;
      readonly daemon: DaemonLook;
      readonly completion: Reading<Completion>;
      readonly result: Reading<SessionResult>;
      readonly publishedOnce: boolean;
    }
  /** The session's record was removed or replaced by another. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'alias-trouble'; readonly reason: AliasTrouble };

/** What a look has read of the session that decides, beside the facts: nobody needs to read it again. */
export interface RecordsRead {
  readonly daemon: Reading<DaemonRecord>;
  /** Where it counted. */
  readonly metadata?: Reading<SessionMetadata>;
}

/** Where a wait gets its facts from; a directory is one such place. */
export interface WaitSource {
  /** Reads everything anew, the daemon first. */
  observe(): Promise<Observation>;
  /** Calls `onHint` after anything may have changed. Subscribe first, then observe. */
  watch(onHint: () => void): SourceWatch;
}

export interface SourceWatch {
  /** Whether every change will be told; `false` makes the waiter look more often. */
  readonly complete: boolean;
  close(): void;
}
