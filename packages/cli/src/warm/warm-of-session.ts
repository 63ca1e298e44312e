import { existsSync } from 'node:fs';
import type { StateRoots } from '@csa/session';
import type { WarmView } from '@csa/warm';

/**
 * The conversations whose cache is or was kept warm for a session; nothing is loaded where none ever was. Never throws:
 * what else there is to say of a session stands without it.
 */
export async function warmOfSession({ primary }: Pick<StateRoots, 'primary'>, session: string): Promise<WarmView[]> {
  if (!existsSync(`${primary}/.warm`)) return [];
  try {
    const { WarmStore, viewWarm } = await import('@csa/warm');
    const now = Date.now();
    const views = await Promise.all(new WarmStore(primary).list({ session }).map((record) => viewWarm(record, now)));
    return views.filter((view) => view !== undefined);
  } catch {
    return [];
  }
}
