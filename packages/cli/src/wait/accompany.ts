import type { WaitSettings } from '@csa/calls/settings';
import { terminalOf } from '../terminal.ts';
import type { Scene } from './companion.ts';

type Companions = typeof import('./companion.ts');

/**
 * Somebody beside a wait on standard error. Where nothing is to be said there, as in most pipes, nobody: whoever waits
 * for a session that is over loads none of it.
 * @param sceneOf what there is to be said
 */
export async function accompany(
  { heartbeatMs, caller }: WaitSettings,
  sceneOf: (companions: Companions) => Scene,
): Promise<{ end(): void }> {
  const wishes = {
    heartbeatMs,
    yieldsEarly: caller.yieldsEarly,
    terminal: terminalOf(process.stderr, process.env).isLive,
  };
  if (heartbeatMs === undefined && !wishes.yieldsEarly && !wishes.terminal) return { end: () => {} };
  const companions = await import('./companion.ts');
  return new companions.Companion(sceneOf(companions), wishes);
}
