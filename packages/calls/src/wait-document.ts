/** The one JSON document of a wait; every field is always there. */
export interface WaitDocument {
  readonly schema: 'csa.session-wait/1';
  readonly session: string | null;
  readonly resolved: string | null;
  readonly wait_result: 'finished' | 'alive' | 'dead' | 'unknown' | 'not_found' | 'interrupted' | 'error';
  readonly status: string | null;
  readonly exit: number;
  readonly session_exit: number | null;
  readonly source: string | null;
  readonly reason: string | null;
  readonly daemon: 'alive' | 'dead' | 'unknown' | null;
  readonly elapsed_ms: number;
  readonly idle_ms: number | null;
  readonly cap_ms: number | null;
  readonly cap_source: string | null;
  readonly summary: string | null;
  readonly next: { readonly cmd: string; readonly tool_timeout_ms: number | null } | null;
  /** Only where csa could not answer: what, expected, got, next step. */
  readonly message: string | null;
}

/** What every ending has, also one without a session. */
export function emptyWaitDocument(exit: number): WaitDocument {
  return {
    schema: 'csa.session-wait/1',
    session: null,
    resolved: null,
    wait_result: 'error',
    status: null,
    exit,
    session_exit: null,
    source: null,
    reason: null,
    daemon: null,
    elapsed_ms: 0,
    idle_ms: null,
    cap_ms: null,
    cap_source: null,
    summary: null,
    next: null,
    message: null,
  };
}
