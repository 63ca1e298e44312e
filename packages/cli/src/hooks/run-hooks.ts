import { appendNotes, HOOK_COOKIE, openNamedDirectory, SESSION_COOKIE } from '@csa/session';
import { type HookEnd, type HookErrand, readHookErrand, runHook } from '@csa/supervisor';
import { type FinishedSession, lookAtFinished } from './finished-session.ts';

/**
 * The whole life of a hook runner's process; its word is the session's directory. A hook that fails is a note about its
 * session, never an outcome, and so is whatever keeps hooks from being run.
 */
export async function runHooks(directory: string | undefined): Promise<void> {
  const progress = { begun: 0 };
  const fail = (error: unknown): void => {
    noteQuietly(directory, describeCrash(error, progress.begun));
    process.exitCode = 1;
  };
  process.once('uncaughtException', (error) => {
    fail(error);
    process.exit();
  });
  try {
    await runErrand(readHookErrand(), progress);
  } catch (error) {
    fail(error);
  }
}

async function runErrand(errand: HookErrand, progress: { begun: number }): Promise<void> {
  const finished = await lookAtFinished(errand);
  const env = hookEnvironment(errand.env, finished);
  for (const command of errand.hooks) {
    progress.begun += 1;
    const end = await runHook({ command, cwd: errand.project, env, input: `${finished.line}\n` });
    if (end.kind === 'failed') {
      noteQuietly(errand.directory, describeFailure(end, progress.begun, errand.hooks.length));
    }
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
    [HOOK_COOKIE]: located.session.id,
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

/** `begun`: how many hooks were run, or are. */
export function describeCrash(error: unknown, begun: number): string {
  const which = begun === 0 ? 'the hooks' : `the hooks after number ${begun}`;
  return `${which} were not run: ${error instanceof Error ? error.message : String(error)}`;
}

function noteQuietly(directory: string | undefined, note: string): void {
  try {
    if (directory !== undefined) appendNotes(openNamedDirectory(directory), [note]);
  } catch {
    // No room, or the session has been removed: nobody is left to be told.
  }
}
