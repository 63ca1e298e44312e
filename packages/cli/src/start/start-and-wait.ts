import { emptyWaitDocument, hintTarget, INTERRUPTED_EXITS, type Interruption } from '@csa/calls';
import type { WaitSettings } from '@csa/calls/settings';
import { type SessionRequest, startSession } from '@csa/calls/start';
import { cleanLine, formatMarker } from '@csa/markers';
import type { Interrupts } from '../interrupts.ts';
import type { Report } from '../report.ts';
import { waitOne } from '../wait/wait-one.ts';
import { writeFully } from '../write-fully.ts';
import { type StartStory, startedWords } from './started.ts';

const STDERR = 2;

/** What surrounds a start that waits. */
export type Waiting = Omit<StartStory, 'started'> & {
  readonly settings: WaitSettings;
  readonly interrupts: Interrupts;
  readonly verbose: boolean;
};

/**
 * Starts a session and ends as a wait for it does. Its id is on standard error before the wait begins, so that nobody
 * who ends this program loses it.
 */
export async function startAndWait(request: SessionRequest, waiting: Waiting): Promise<Report> {
  const { settings, interrupts, scope, hints, json, verbose } = waiting;
  if (interrupts.cause !== undefined) return nothingStarted(interrupts.cause, json);
  const started = await startSession(request);
  // Start and wait read the same config: what is wrong with it is said once, before the wait.
  const warnings = [...new Set([...waiting.warnings, ...settings.warnings.map((text) => `csa: ${cleanLine(text)}`)])];
  writeFully(STDERR, Buffer.from(`${startedWords({ ...waiting, started, warnings }).join('\n')}\n`));
  const { session } = started;
  const located = { session, scope, target: hintTarget(session, scope), project: scope.project };
  return waitOne(located, { settings: { ...settings, warnings: [] }, interrupts, hints, json, verbose });
}

/** Whoever interrupts a start before it has begun wants none. */
function nothingStarted(cause: Interruption, json: boolean): Report {
  const exitCode = INTERRUPTED_EXITS[cause];
  const message = 'interrupted before the start: no session was started';
  const document = { ...emptyWaitDocument(exitCode), wait_result: 'interrupted', reason: cause, message };
  const how = cause === 'parent-gone' ? 'reason' : 'signal';
  const marker = formatMarker('SESSION_WAIT_INTERRUPTED', [
    ['status', 'not-started'],
    [how, cause],
  ]);
  return { exitCode, stdout: [json ? JSON.stringify(document) : marker], stderr: json ? [] : [`csa: ${message}`] };
}
