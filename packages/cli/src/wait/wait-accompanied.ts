import { SessionSource } from '@csa/wait';
import type { Interrupts } from '../interrupts.ts';
import type { Located } from '../locate.ts';
import { accompany } from './accompany.ts';
import { type WaitedSession, waitForSession } from './wait-session.ts';
import type { WaitSettings } from './wait-settings.ts';

/** Waits for one session with somebody beside it on standard error. */
export async function waitAccompanied(
  located: Located,
  settings: WaitSettings,
  interrupts: Interrupts,
): Promise<WaitedSession> {
  const source = new SessionSource(located.session, located.scope.roots);
  const companion = await accompany(settings, ({ sessionScene }) => sessionScene(() => source.resolved));
  const watcher = { signal: interrupts.signal, check: () => interrupts.checkParent() };
  try {
    return await waitForSession({ located, source }, settings, watcher);
  } finally {
    companion.end();
  }
}
