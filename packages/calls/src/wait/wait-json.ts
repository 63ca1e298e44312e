import { cleanLine } from '@csa/markers';
import type { WaitEnd } from '@csa/wait';
import { emptyWaitDocument, type WaitDocument } from '../wait-document.ts';
import { nextWait, sameWait } from './next-wait.ts';
import type { WaitStory } from './wait-story.ts';

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
