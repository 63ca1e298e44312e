import type { LookupScope } from '@csa/session';
import type { Started } from '@csa/supervisor';
import type { Hints } from '../hints.ts';
import { hintTarget } from '../locate.ts';
import { TOOL_MARGIN_MS } from '../wait/cap.ts';
import { type WaitSettings, waitSettings } from '../wait/wait-settings.ts';

/** What there is to say of a start. */
export interface StartFacts {
  readonly started: Started;
  readonly scope: LookupScope;
  readonly hints: Hints;
  readonly env: NodeJS.ProcessEnv;
  /** The printed commands are to answer with documents, too. */
  readonly json: boolean;
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

export function startDocument(story: StartFacts): StartDocument {
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
function waitTimeout({ settings, env, scope }: StartFacts): number | undefined {
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
