import { cleanLine } from '@csa/markers';
import { configuredHooks } from './configured-hooks.ts';
import { parseHooks } from './hook-words.ts';

/**
 * What is to run once a session has finished: its own hooks (--on-exit), then those of the user's config, so that a
 * general one that hangs holds up no other. `warnings` are lines for standard error.
 * @throws Refusal reason=bad-hook
 */
export function sessionHooks(
  onExit: readonly string[],
  env: NodeJS.ProcessEnv,
  project: string,
): { readonly commands: readonly string[]; readonly warnings: readonly string[] } {
  const own = parseHooks(onExit);
  const { commands, warnings } = configuredHooks(env, project);
  return { commands: [...own, ...commands], warnings: warnings.map((text) => `csa: ${cleanLine(text)}`) };
}
