/** Whose prompt cache: a conversation of an agent's. */
export interface WarmCaller {
  readonly agent: 'claude-code' | 'codex' | 'other';
  readonly id: string;
}

/** What is kept warm: one conversation, for as long as one session goes on. */
export interface WarmKey {
  readonly caller: WarmCaller;
  /** The session's id. */
  readonly session: string;
}
