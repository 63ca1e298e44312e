import { join } from 'node:path';

/** Where agents keep what they write down; absent where not even a home is known. */
export interface AgentHomes {
  readonly claude?: string;
  readonly codex?: string;
}

export function agentHomes(env: NodeJS.ProcessEnv): AgentHomes {
  const below = (name: string): string | undefined => (env['HOME'] ? join(env['HOME'], name) : undefined);
  const claude = env['CLAUDE_CONFIG_DIR'] || below('.claude');
  const codex = env['CODEX_HOME'] || below('.codex');
  return { ...(claude === undefined ? {} : { claude }), ...(codex === undefined ? {} : { codex }) };
}
