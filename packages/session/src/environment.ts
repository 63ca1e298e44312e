/** The environment variable that every process of a session's command carries. */
export const SESSION_COOKIE = 'CSA_SESSION_ID';

/** The one that the runner of a session's hooks carries, and every hook: no processes of its command. */
export const HOOK_COOKIE = 'CSA_HOOK_SESSION';

/** Marks by which a program knows that an agent's shell tool runs it. */
export const AGENT_MARKS: readonly string[] = [
  'CLAUDECODE',
  'CLAUDE_CODE_SESSION_ID',
  'CLAUDE_CODE_CHILD_SESSION',
  'CODEX_CI',
  'CODEX_THREAD_ID',
  'CODEX_SESSION_ID',
  'GEMINI_CLI',
  'OPENCODE',
  'AI_AGENT',
];
