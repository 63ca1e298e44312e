import { appendNotes, isStillThere, Refusal, SESSION_COOKIE, type Session } from '@csa/session';
import { type HookEnd, type HookErrand, readHookErrand, runHook } from '@csa/supervisor';
import { type FinishedSession, lookAtFinished } from './finished-session.ts';

/** The whole life of a hook runner's process. A hook that fails is a note about its session, never an outcome. */
export async function runHooks(): Promise<void> {
  const errand = readHookErrand();
  if (errand === undefined) return;
  const finished = await lookUnlessRemoved(errand);
  if (finished === undefined) return;
  const { session } = finished.located;
  const env = hookEnvironment(errand.env, finished);
  for (const [i, command] of errand.hooks.entries()) {
    const end = await runHook({ command, cwd: errand.project, env, input: `${finished.line}\n` });
    if (end.kind === 'failed') noteQuietly(session, describeFailure(end, i + 1, errand.hooks.length));
  }
}

async function lookUnlessRemoved(errand: HookErrand): Promise<FinishedSession | undefined> {
  try {
    return await lookAtFinished(errand);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/**
 * The command's own environment and what the hook is about. Without the session's cookie: a hook is no process of the
 * command that a stop might have to end.
 */
export function hookEnvironment(
  env: Readonly<Record<string, string>>,
  { located, document }: Pick<FinishedSession, 'located' | 'document'>,
): Record<string, string> {
  const { [SESSION_COOKIE]: _cookie, ...rest } = env;
  return {
    ...rest,
    CSA_HOOK: 'session_finished',
    CSA_HOOK_SESSION: located.session.id,
    CSA_HOOK_STATUS: document.status ?? document.wait_result,
    CSA_HOOK_EXIT: String(document.exit),
  };
}

/** By its number: the command itself may hold a secret. */
export function describeFailure(
  { how, lastLine }: Extract<HookEnd, { kind: 'failed' }>,
  number: number,
  count: number,
): string {
  const output = lastLine === '' ? '' : `; its last output: ${lastLine}`;
  return `hook ${number} of ${count} ${how}${output}`;
}

function noteQuietly(session: Session, note: string): void {
  try {
    if (isStillThere(session)) appendNotes(session, [note]);
  } catch {
    // No room, or the session has been removed: nobody is left to be told.
  }
}
