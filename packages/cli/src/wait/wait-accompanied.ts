import type { Located } from '@csa/calls';
import type { WaitedSession } from '@csa/calls/look';
import type { WaitSettings } from '@csa/calls/settings';
import { waitForSession } from '@csa/calls/wait';
import { SessionSource } from '@csa/wait';
import type { Interrupts } from '../interrupts.ts';
import { accompany } from './accompany.ts';

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
