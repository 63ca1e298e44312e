import { existsSync } from 'node:fs';
import type { StateRoots } from '@csa/session';
import type { WarmView } from '@csa/warm';

/**
 * The conversations whose cache is or was kept warm for a session; nothing is loaded where none ever was. Never throws:
 * what else there is to say of a session stands without it.
 */
export async function warmOfSession(
  { primary }: Pick<StateRoots, 'primary'>,
  session: string,
  env: NodeJS.ProcessEnv,
): Promise<WarmView[]> {
  if (!existsSync(`${primary}/.warm`)) return [];
  try {
    const { WarmStore } = await import('@csa/warm');
    const { viewConversation } = await import('./view-conversation.ts');
    const records = new WarmStore(primary).list({ session });
    const views = await Promise.all(records.map((record) => viewConversation(record, env)));
    return views.filter((view) => view !== undefined);
  } catch {
    return [];
  }
}
