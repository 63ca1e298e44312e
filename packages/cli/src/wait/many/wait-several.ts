import { locateAll, locateLabelled } from '@csa/calls/many';
import type { WaitFlags } from '@csa/calls/settings';
import { type NeedFlags, needOf } from '@csa/calls/wait';
import type { Report } from '../../report.ts';
import { settleWait } from '../keep-warm.ts';
import type { Wait } from '../wait-one.ts';
import type { Asked } from './asked.ts';
import { waitMany } from './wait-many.ts';

type Several = Exclude<Asked, { readonly form: 'one' }>;

/**
 * Finds all of the sessions before anything is waited for, then waits for them.
 * @throws Refusal for a session that cannot be told, and for what else the user typed or set
 */
export async function waitSeveral(
  asked: Several,
  flags: WaitFlags & NeedFlags,
  around: Omit<Wait, 'settings'>,
): Promise<Report> {
  const { env } = process;
  const located =
    asked.form === 'labelled' ? locateLabelled(asked.labels, asked.cd, env) : locateAll(asked.wishes, env);
  const need = needOf(flags, located.length);
  return waitMany(located, { ...around, need, ...(await settleWait(flags, located, env)) });
}
