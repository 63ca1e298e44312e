import type { Json } from '../json/json-value.ts';

/** How the agents are to run this program. */
export interface Program {
  /** The words with which a fresh shell starts it. */
  readonly words: readonly string[];
  /** Hooks by event, as Claude Code's settings.json has them: at the start of a conversation, and for warming. */
  readonly claudeHooks: Readonly<Record<string, readonly Json[]>>;
  /** The hook at the start of a conversation, as Codex's config.toml has it. */
  readonly codexHook: readonly string[];
  /** The command that tells a conversation at its start, in the form that each agent reads. */
  readonly briefCommand: (form?: 'gemini' | 'cursor') => string;
  /** Whether starting a job needs no question either, or only looking at one and waiting for it. */
  readonly allow: 'all' | 'watching';
}

/** Which configuration: the user's, or one project's. */
export type Place = { readonly kind: 'user' } | { readonly kind: 'project'; readonly directory: string };

/** Where the user's configurations stand, and what is there. */
export interface Homes {
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
}

/** Milliseconds that a call of a tool may take: more than the longest wait of the server. */
export const CALL_MS = 7_200_000;
/** What holds these words is a hook like ours. */
export const BRIEF_MARK = 'session brief --hook';

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

/** The command of the server, and its arguments. */
export function serverWords({ words }: Program): { readonly command: string; readonly args: string[] } {
  const [command = '', ...rest] = words;
  return { command, args: [...rest, 'mcp'] };
}
