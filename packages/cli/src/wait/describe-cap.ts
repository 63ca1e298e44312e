import { Refusal } from '@csa/session';
import { formatDuration } from '../duration.ts';
import type { CapChoice } from './cap.ts';
import { waitSettings } from './wait-settings.ts';

/** How long a wait from here would last, in words; what is wrong with it is the wait's trouble, not the reader's. */
export function describeCap(env: NodeJS.ProcessEnv, project: string): string {
  try {
    return capWords(waitSettings({ 'until-done': false, 'trust-result': false }, env, project).cap);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.message;
  }
}

export function capWords({ capMs, lowered, source }: CapChoice): string {
  const from = lowered === undefined ? '' : `, lowered from ${formatDuration(lowered.fullCapMs)}`;
  return `${capMs === undefined ? 'until done' : formatDuration(capMs)}${from} (from ${source})`;
}
