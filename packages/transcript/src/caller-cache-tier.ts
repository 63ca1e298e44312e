import { lastTurn } from './last-turn.ts';
import { transcriptOf } from './transcript-of.ts';
import type { TurnTier } from './turn.ts';

/**
 * The tier of the calling Claude Code conversation's prompt cache, as its own transcript shows it; `undefined` where
 * there is no transcript or nothing was cached. Never throws: cache tuning cannot make a wait fail.
 */
export function callerCacheTier(env: NodeJS.ProcessEnv): TurnTier | undefined {
  const id = env['CLAUDE_CODE_SESSION_ID'];
  if (id === undefined) return undefined;
  const path = transcriptOf({ agent: 'claude-code', id }, env, currentDirectory());
  return path === undefined ? undefined : lastTurn(path, 'claude-code')?.tier;
}

function currentDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // It was removed.
    return undefined;
  }
}
