import { FileCache } from '@csa/cache';
import { lastTurn, type TranscriptAgent, type Turn, transcriptOf } from '@csa/transcript';
import { turnsOf, type WarmCaller } from '@csa/warm';

/**
 * The last request of a conversation, as its agent's own transcript shows it; `undefined` where there is none. Never
 * throws.
 * @param cwd where the conversation takes place
 */
export function callerTurn(caller: WarmCaller, env: NodeJS.ProcessEnv, cwd: string | undefined): Turn | undefined {
  return inTranscript(caller, { env, cwd }, lastTurn);
}

/** The same for whoever asks for hours: the end of a transcript is only read again when it has changed. */
export function rememberingCallerTurn(): typeof callerTurn {
  const last = {
    'claude-code': new FileCache({ read: (path) => lastTurn(path, 'claude-code') }),
    codex: new FileCache({ read: (path) => lastTurn(path, 'codex') }),
  };
  return (caller, env, cwd) => inTranscript(caller, { env, cwd }, (path, agent) => last[agent].getSync(path));
}

/** All requests of a conversation, the same way. Never throws. */
export function callerTurns(caller: WarmCaller, env: NodeJS.ProcessEnv, cwd: string | undefined): readonly Turn[] {
  return inTranscript(caller, { env, cwd }, turnsOf) ?? [];
}

interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string | undefined;
}

function inTranscript<T>(
  caller: WarmCaller,
  { env, cwd }: Place,
  read: (path: string, agent: TranscriptAgent) => T,
): T | undefined {
  const { agent } = caller;
  if (agent === 'other') return undefined;
  const path = transcriptOf(caller, env, cwd);
  return path === undefined ? undefined : read(path, agent);
}

/** Where this command runs, which is where its caller's conversation takes place; `undefined` once that is removed. */
export function currentDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
