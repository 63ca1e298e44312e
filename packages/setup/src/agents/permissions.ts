import type { Program } from './program.ts';

/** The parts of `session` that only look and wait. */
const WATCHING = ['wait', 'status', 'result', 'logs', 'list', 'is-alive', 'brief'] as const;
const WATCHING_TOOLS = ['wait', 'status', 'result', 'logs', 'list', 'brief'] as const;

/** The words of all commands that need no question, without what may follow. */
export function allowedCommands({ words, allow }: Program): string[][] {
  const session = [...words, 'session'];
  return allow === 'all' ? [session] : WATCHING.map((name) => [...session, name]);
}

/** Those of the server's tools that need no question; `undefined`: all of them. */
export function allowedTools({ allow }: Program): string[] | undefined {
  return allow === 'all' ? undefined : WATCHING_TOOLS.map((name) => `session_${name}`);
}
