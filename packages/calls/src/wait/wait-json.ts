import { cleanLine } from '@csa/markers';
import type { WaitEnd } from '@csa/wait';
import { nextWait, sameWait } from './next-wait.ts';
import type { WaitStory } from './wait-story.ts';

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

const MAX_SUMMARY_BYTES = 4_000;

export function waitJson(story: WaitStory, exit: number): WaitDocument {
  const { end, elapsedMs, facts } = story.waited;
  const { idleMs, cap } = story;
  return {
    ...emptyWaitDocument(exit),
    session: story.session,
    resolved: story.resolved ?? null,
    daemon: facts?.daemon.state ?? null,
    elapsed_ms: Math.round(elapsedMs),
    idle_ms: idleMs === undefined ? null : Math.round(idleMs),
    cap_ms: cap.capMs ?? null,
    cap_source: cap.source,
    ...answer(end, story),
  };
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

function answer(end: WaitEnd, story: WaitStory): Partial<WaitDocument> {
  switch (end.kind) {
    case 'finished':
      return {
        wait_result: 'finished',
        status: cleanLine(end.outcome.status),
        session_exit: end.outcome.exitCode,
        source: end.source,
        reason: end.reason ?? (end.outcome.detail === undefined ? null : cleanLine(end.outcome.detail)),
        summary: end.outcome.summary === undefined ? null : cleanLine(end.outcome.summary, MAX_SUMMARY_BYTES),
        next: { cmd: story.hints.session('result', story.target), tool_timeout_ms: null },
      };
    case 'alive':
      return {
        wait_result: 'alive',
        status: 'alive',
        reason: end.provisional === undefined ? null : 'result-provisional',
        next: next(story),
      };
    case 'undetermined':
      return {
        wait_result: 'unknown',
        status: 'unknown',
        reason: end.reason,
        next: { cmd: sameWait(story), tool_timeout_ms: null },
      };
    case 'dead':
      return {
        wait_result: 'dead',
        status: 'dead',
        next: { cmd: story.hints.session('status', story.target, ['--explain']), tool_timeout_ms: null },
      };
    case 'interrupted':
      return {
        wait_result: 'interrupted',
        status: end.daemon,
        reason: story.interruption ?? null,
        next: { cmd: sameWait(story), tool_timeout_ms: null },
      };
    case 'lost':
    case 'alias-trouble':
      return {
        wait_result: 'error',
        reason: end.kind === 'lost' ? 'registry-lost' : end.reason,
        next: { cmd: story.hints.command(['session', 'list']), tool_timeout_ms: null },
      };
  }
}

function next(story: WaitStory): WaitDocument['next'] {
  const { cmd, toolTimeoutMs } = nextWait(story);
  return { cmd, tool_timeout_ms: toolTimeoutMs ?? null };
}
