import { type Dir, opendirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { agentHomes } from './agent-homes.ts';
import { rolloutOf } from './rollout-of.ts';

/** A conversation of an agent's, as the agent itself names it. */
export interface Conversation {
  readonly agent: 'claude-code' | 'codex' | 'other';
  readonly id: string;
}

/** How many other folders are asked for a conversation. */
const MAX_PROJECTS = 4_096;

/**
 * The path of a conversation's transcript, `undefined` where none is to be found. Never throws.
 * @param cwd where the conversation takes place; of the caller's own one its shell's directory counts, too
 */
export function transcriptOf(conversation: Conversation, env: NodeJS.ProcessEnv, cwd?: string): string | undefined {
  const { agent, id } = conversation;
  const { claude, codex } = agentHomes(env);
  if (!/^[A-Za-z0-9-]{1,64}$/.test(id)) return undefined;
  if (agent === 'claude-code' && claude !== undefined) {
    return transcriptIn(join(claude, 'projects'), id, [cwd, env['PWD']]);
  }
  return agent === 'codex' && codex !== undefined ? rolloutOf(codex, id) : undefined;
}

/** The folder is named after the directory, as the kernel or as the shell spells it, in which the agent was started. */
function transcriptIn(projects: string, id: string, directories: readonly (string | undefined)[]): string | undefined {
  const name = `${id}.jsonl`;
  for (const directory of directories) {
    if (directory === undefined) continue;
    const path = join(projects, directory.replace(/[^A-Za-z0-9]/g, '-'), name);
    if (isFile(path)) return path;
  }
  // Whoever asks may have gone elsewhere since, and very long names are cut.
  return transcriptAnywhere(projects, name);
}

function transcriptAnywhere(projects: string, name: string): string | undefined {
  let folders: Dir | undefined;
  try {
    folders = opendirSync(projects);
    for (let count = 0; count < MAX_PROJECTS; count += 1) {
      const folder = folders.readSync();
      if (folder === null) break;
      const path = join(projects, folder.name, name);
      if (isFile(path)) return path;
    }
  } catch {
    // There are none, or they are nobody's business here.
  } finally {
    folders?.closeSync();
  }
  return undefined;
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false;
  }
}
