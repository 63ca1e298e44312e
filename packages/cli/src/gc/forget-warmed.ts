import { existsSync } from 'node:fs';
import { listAllSessions, Refusal, type StateRoots } from '@csa/session';

/**
 * Forgets how caches were kept warm for sessions that are nowhere any more; what a process still warms for stays. Where
 * none ever was nothing is loaded. Never throws: the sessions are gone already.
 */
export async function forgetWarmed(roots: StateRoots): Promise<void> {
  if (!existsSync(`${roots.primary}/.warm`)) return;
  try {
    const there = new Set<string>(listAllSessions(roots).ids);
    const { WarmStore } = await import('@csa/warm');
    await new WarmStore(roots.primary).prune(({ session, sessionDirectory }) => {
      return !there.has(session) && (sessionDirectory === undefined || !existsSync(sessionDirectory));
    });
  } catch (error) {
    // Who cannot list the sessions knows of none that it is gone.
    if (!(error instanceof Refusal)) throw error;
  }
}
