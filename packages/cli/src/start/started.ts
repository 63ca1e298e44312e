import { formatMarker, isPrintableWord } from '@csa/markers';
import type { LookupScope } from '@csa/session';
import type { Started } from '@csa/supervisor';
import type { Hints } from '../hints.ts';
import { hintTarget } from '../locate.ts';
import { answer, type Report } from '../report.ts';
import { TOOL_MARGIN_MS } from '../wait/cap.ts';
import { waitSettings } from '../wait/wait-settings.ts';

/** What a start says: the id on stdout, and on stderr how to wait for the session and how to stop it. */
export function startedReport(started: Started, scope: LookupScope, hints: Hints, env: NodeJS.ProcessEnv): Report {
  const { session, supervisorPid } = started;
  const target = hintTarget(session, scope);
  const waitCommand = hints.session('wait', target);
  const marker = formatMarker('SESSION_STARTED', [
    ['id', session.id],
    ['pid', supervisorPid],
    // A wrong path would be worse than none.
    ['dir', isPrintableWord(session.directory) ? session.directory : undefined],
    ['wait_cmd', waitCommand],
    ['tool_timeout_ms', waitTimeout(env, scope.project)],
    ['stop_cmd', hints.session('stop', target)],
  ]);
  return answer([session.id], [`Session ${session.id} started. Wait for it: ${waitCommand}`, marker]);
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
