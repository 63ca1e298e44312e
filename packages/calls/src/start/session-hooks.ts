import { cleanLine } from '@csa/markers';
import type { ConfigPlaces } from '../config/config-file.ts';
import { configuredHooks } from '../config/hooks.ts';
import { parseHooks } from './hook-words.ts';

export interface SessionHooks {
  /** Shell commands, in the order in which they run. */
  readonly commands: readonly string[];
  /** Lines for standard error; a bad config never makes a start fail. */
  readonly warnings: readonly string[];
}

/**
 * What is to run once a session has finished: its own hooks (--on-exit), then those of the user's config, so that a
 * general one that hangs holds up no other. Inside of a hook the config has no say: one that starts a session would
 * set itself off for ever.
 * @throws Refusal reason=bad-hook
 */
export function sessionHooks(onExit: readonly string[], places: ConfigPlaces): SessionHooks {
  const own = parseHooks(onExit);
  if (places.env['CSA_HOOK']) return { commands: own, warnings: [] };
  const { commands, warnings } = configuredHooks(places);
  return { commands: [...own, ...commands], warnings: warnings.map((text) => `csa: ${cleanLine(text)}`) };
}
