import { formatMarker, isPrintableWord } from '@csa/markers';
import type { LookupScope } from '@csa/session';
import type { Started } from '@csa/supervisor';
import type { Hints } from '../hints.ts';
import { hintTarget } from '../locate.ts';
import { answer, type Report } from '../report.ts';
import { TOOL_MARGIN_MS } from '../wait/cap.ts';
import { type WaitSettings, waitSettings } from '../wait/wait-settings.ts';

/** All that the words of a start depend on. */
export interface StartStory {
  readonly started: Started;
  readonly scope: LookupScope;
  readonly hints: Hints;
  readonly env: NodeJS.ProcessEnv;
  readonly json: boolean;
  /** Lines for standard error that come first. */
  readonly warnings: readonly string[];
  /** How this program itself goes on to wait, where it does. */
  readonly settings?: WaitSettings;
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
  const next = story.settings === undefined ? `. Wait for it: ${wait_cmd}` : '; waiting for it.';
  const sentence = `Session ${session} started${next}`;
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

function startDocument(story: StartStory): StartDocument {
  const { started, scope, hints, json, settings } = story;
  const { session, supervisorPid } = started;
  const target = hintTarget(session, scope);
  const jsonWords = json ? ['--json'] : [];
  return {
    schema: 'csa.session-start/1',
    session: session.id,
    directory: session.directory,
    supervisor_pid: supervisorPid,
    wait_cmd: hints.session('wait', target, [...(settings?.repeatFlags ?? []), ...jsonWords]),
    tool_timeout_ms: waitTimeout(story) ?? null,
    stop_cmd: hints.session('stop', target, jsonWords),
  };
}

/** The shell-tool timeout that the wait needs; a wait without a cap has none. */
function waitTimeout({ settings, env, scope }: StartStory): number | undefined {
  try {
    // A cap that the printed wait does not repeat is not its own.
    const repeats = settings?.repeatFlags.includes('--cap') === true;
    const flags = { 'until-done': false, 'trust-result': false };
    const { capMs } = repeats ? settings.cap : waitSettings(flags, env, scope.project).cap;
    return capMs === undefined ? undefined : capMs + TOOL_MARGIN_MS;
  } catch {
    // A bad CSA_WAIT_CAP is the wait's trouble; the session has started.
    return undefined;
  }
}
