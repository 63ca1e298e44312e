import { formatMarker, isPrintableWord } from '@csa/markers';
import type { LookupScope } from '@csa/session';
import type { Started } from '@csa/supervisor';
import type { Hints } from '../hints.ts';
import { hintTarget } from '../locate.ts';
import { answer, type Report } from '../report.ts';
import { TOOL_MARGIN_MS } from '../wait/cap.ts';
import { waitSettings } from '../wait/wait-settings.ts';

/** All that the words of a start depend on. */
export interface StartStory {
  readonly started: Started;
  readonly scope: LookupScope;
  readonly hints: Hints;
  readonly env: NodeJS.ProcessEnv;
  readonly json: boolean;
  /** Lines for standard error that come first. */
  readonly warnings: readonly string[];
}

/** The one JSON document of a start that does not wait; every field is always there. */
export interface StartDocument {
  readonly schema: 'csa.session-start/1';
  readonly session: string;
  readonly directory: string;
  readonly supervisor_pid: number;
  readonly wait_cmd: string;
  readonly tool_timeout_ms: number | null;
  readonly stop_cmd: string;
}

/** What a start says: the id or the document on stdout, and on stderr how to go on. */
export function startedReport(story: StartStory): Report {
  const words = startedWords(story);
  return answer([story.json ? JSON.stringify(startDocument(story)) : story.started.session.id], words);
}

/** How to wait for the session and how to stop it, for people; and for programs that read no document. */
export function startedWords(story: StartStory): string[] {
  const { session, directory, supervisor_pid, wait_cmd, tool_timeout_ms, stop_cmd } = startDocument(story);
  const sentence = `Session ${session} started. Wait for it: ${wait_cmd}`;
  if (story.json) return [...story.warnings, sentence];
  const marker = formatMarker('SESSION_STARTED', [
    ['id', session],
    ['pid', supervisor_pid],
    // A wrong path would be worse than none.
    ['dir', isPrintableWord(directory) ? directory : undefined],
    ['wait_cmd', wait_cmd],
    ['tool_timeout_ms', tool_timeout_ms ?? undefined],
    ['stop_cmd', stop_cmd],
  ]);
  return [...story.warnings, sentence, marker];
}

function startDocument({ started, scope, hints, env, json }: StartStory): StartDocument {
  const { session, supervisorPid } = started;
  const target = hintTarget(session, scope);
  return {
    schema: 'csa.session-start/1',
    session: session.id,
    directory: session.directory,
    supervisor_pid: supervisorPid,
    wait_cmd: hints.session('wait', target, json ? ['--json'] : []),
    tool_timeout_ms: waitTimeout(env, scope.project) ?? null,
    stop_cmd: hints.session('stop', target, json ? ['--json'] : []),
  };
}

/** The shell-tool timeout that the wait needs; a wait without a cap has none. */
function waitTimeout(env: NodeJS.ProcessEnv, project: string): number | undefined {
  const flags = { 'until-done': false, 'trust-result': false };
  try {
    const { capMs } = waitSettings(flags, env, project).cap;
    return capMs === undefined ? undefined : capMs + TOOL_MARGIN_MS;
  } catch {
    // A bad CSA_WAIT_CAP is the wait's trouble; the session has started.
    return undefined;
  }
}
