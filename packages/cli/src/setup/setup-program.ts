import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Hints } from '@csa/calls';
import type { Homes, Json, Program } from '@csa/setup';
import { hookSettings } from '../brief/hook-settings.ts';
import { claudeSettings } from '../warm/hook/claude-settings.ts';

type Hooks = Record<string, readonly Json[]>;

/** How agents are to run this program: the hooks are those that their own commands print. */
export function setupProgram(words: readonly string[], hints: Hints, allow: Program['allow']): Program {
  const brief = (JSON.parse(hookSettings('claude', hints).join('\n')) as { hooks: Hooks }).hooks;
  const warm = (claudeSettings(hints) as { hooks: Hooks }).hooks;
  return {
    words,
    claudeHooks: { ...brief, ...warm },
    codexHook: hookSettings('codex', hints),
    briefCommand: (form) =>
      hints.command(['session', 'brief', '--hook', ...(form === undefined ? [] : ['--as', form])]),
    allow,
  };
}

export function homesOf(env: NodeJS.ProcessEnv): Homes {
  return { home: env['HOME'] || homedir(), env, exists: existsSync };
}
