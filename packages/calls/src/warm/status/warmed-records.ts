import { existsSync } from 'node:fs';
import type { StateRoots } from '@csa/session';
import type { WarmRecord } from '@csa/warm/hook';

/**
 * What is kept of the caches that were ever kept warm for these sessions. Where none ever was nothing is loaded, and the
 * others' files are not looked at.
 * @throws what keeps the store from being listed
 */
export async function warmedRecords(
  { primary }: Pick<StateRoots, 'primary'>,
  sessions: ReadonlySet<string>,
): Promise<WarmRecord[]> {
  if (sessions.size === 0 || !existsSync(`${primary}/.warm`)) return [];
  const { WarmStore } = await import('@csa/warm/hook');
  return new WarmStore(primary).list({ session: sessions });
}

/** Whether somebody sends requests for it, or may. @throws a system error where its claim cannot be read */
export async function isSending({ claim }: WarmRecord): Promise<boolean> {
  return (await claim.holder()).kind !== 'nobody';
}
