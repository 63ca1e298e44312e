import { Refusal } from '@csa/session';
import { detectWarmCaller, parseWarmCaller, type WarmCaller } from '@csa/warm';

/** Whose cache: what the user names, else the conversation that runs this command. `undefined`: nobody knows. */
export function knownCaller(named: string | undefined, env: NodeJS.ProcessEnv): WarmCaller | undefined {
  return named === undefined ? detectWarmCaller(env) : parseWarmCaller(named, env);
}

/** @throws Refusal reason=unknown-caller | invalid-caller */
export function chooseCaller(named: string | undefined, env: NodeJS.ProcessEnv): WarmCaller {
  const caller = knownCaller(named, env);
  if (caller !== undefined) return caller;
  throw new Refusal({
    reason: 'unknown-caller',
    what: 'whose cache is to be kept warm is not said',
    expected: '--caller ID, or a shell of Claude Code (CLAUDE_CODE_SESSION_ID) or Codex (CODEX_THREAD_ID)',
    got: 'neither',
    next: "Name the conversation by its agent's own id: --caller ID",
    command: ['session', 'warm', 'on', '--help'],
  });
}
