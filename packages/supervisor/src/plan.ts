import type { SessionId } from '@csa/session';

/** All that a supervisor needs to know; handed over a pipe, because an environment may hold secrets. */
export interface Plan {
  readonly id: SessionId;
  /** The unborn session's directory. */
  readonly directory: string;
  readonly argv: readonly [command: string, ...args: string[]];
  readonly cwd: string;
  /** The command's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly tool: string;
  /** Milliseconds that the command may run. */
  readonly maxTimeMs?: number;
  /** Milliseconds without output and CPU time after which the command is ended. */
  readonly idleLimitMs?: number;
  /** Shell commands to run once the session has its record. */
  readonly hooks?: readonly string[];
}

/** The supervisor's one answer to its starter. */
export type Answer =
  /** The session can be seen; device and inode of its directory, which the starter has no need to look up again. */
  | { readonly kind: 'ready'; readonly device: string; readonly inode: string; readonly owner: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: string };

/** The descriptor on which a supervisor reads its plan and gives its one answer. */
export const STARTER_FD = 3;
