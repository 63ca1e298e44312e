import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';

/**
 * Whether a conversation of Claude Code's may be kept warm, or may have been. Wrong only in saying so: most
 * conversations never are, and a hook that runs before and after each of their tools must not load a warmer for them.
 * It knows the place of the store by itself for that reason; a test holds it against the packages that own it.
 */
export function mayBeWarmed(conversation: string, env: NodeJS.ProcessEnv): boolean {
  try {
    const names = readdirSync(`${stateRoot(env)}/.warm`);
    // Ids that are no plain names stand there as hashes.
    return names.some((name) => name === `claude-code-${conversation}` || name.startsWith('claude-code-='));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

function stateRoot(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] || homedir();
  if (process.platform === 'darwin') return `${home}/Library/Application Support/cli-sub-agent`;
  const chosen = env['XDG_STATE_HOME'];
  return `${chosen?.startsWith('/') ? chosen : `${home}/.local/state`}/cli-sub-agent`;
}
