import { constants } from 'node:os';

/** What a {@link Refusal} tells: each part is one clause without a full stop. */
export interface RefusalDetail {
  /** Machine-readable word of a marker's `reason=`, kebab-case. */
  readonly reason: string;
  readonly what: string;
  readonly expected?: string;
  readonly got?: string;
  /** What the user does next, as an imperative clause. */
  readonly next: string;
  /** A complete command line that the reader can run next, without the program's own name. */
  readonly command?: readonly string[];
  /** Which of several sessions on the command line it is about, as typed. */
  readonly session?: string;
  readonly cause?: unknown;
}

/** The user's trouble, told apart from a bug of ours: every other error is one. */
export class Refusal extends Error {
  readonly detail: RefusalDetail;

  constructor(detail: RefusalDetail) {
    super(describeRefusal(detail), detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'Refusal';
    this.detail = detail;
  }

  get reason(): string {
    return this.detail.reason;
  }
}

function describeRefusal(detail: RefusalDetail): string {
  const facts = [
    detail.expected === undefined ? undefined : `expected ${detail.expected}`,
    detail.got === undefined ? undefined : `got ${detail.got}`,
  ].filter((part) => part !== undefined);
  const what = facts.length === 0 ? detail.what : `${detail.what}: ${facts.join(', ')}`;
  return `${what}. ${detail.next}${detail.next.endsWith('?') ? '' : '.'}`;
}

/** The errno name of a thrown system error, `undefined` for anything else, Node's own ERR_ codes among it. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if ('errno' in error && error.errno === -constants.errno.EDQUOT) return 'EDQUOT';
  return error.code.startsWith('ERR_') ? undefined : error.code;
}

/** Turns a failed write below the state root into the user's trouble; rethrows whatever is no system error. */
export function refuseStateWrite(error: unknown, path: string): never {
  const code = errnoOf(error);
  if (code === undefined) throw error;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  throw new Refusal({
    reason: full ? 'disk-full' : 'state-root-unwritable',
    what: full ? 'no room to record the session' : 'the state root cannot be written',
    expected: full ? 'free blocks and inodes' : 'a directory that this user can write',
    got: `${code} at ${path}`,
    next: full
      ? 'Free some space, or point XDG_STATE_HOME at another disk, and start again'
      : 'Fix the permissions, or point XDG_STATE_HOME at a directory of yours, and start again',
    cause: error,
  });
}
