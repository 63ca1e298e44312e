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

/** What holds these words is a hook like ours. */
export const BRIEF_MARK = 'session brief --hook';

/** `user`, or the directory of the project. */
export function placeName(place: Place): string {
  return place.kind === 'user' ? 'user' : place.directory;
}
