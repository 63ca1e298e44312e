import { formatDuration } from '@csa/calls';
import { type CapChoice, waitSettings } from '@csa/calls/settings';
import { Refusal } from '@csa/session';

/** How long a wait from here would last, or why every one is refused: that is the wait's trouble, not the reader's. */
export type CapHere =
  | { readonly kind: 'known'; readonly cap: CapChoice }
  | { readonly kind: 'refused'; readonly why: string };

export function capHere(env: NodeJS.ProcessEnv, project: string): CapHere {
  try {
    return { kind: 'known', cap: waitSettings({ 'until-done': false, 'trust-result': false }, env, project).cap };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'refused', why: error.message };
  }
}

export function describeCap(here: CapHere): string {
  return here.kind === 'known' ? capWords(here.cap) : `every wait is refused: ${here.why}`;
}

export function capWords({ capMs, lowered, source }: CapChoice): string {
  const from = lowered === undefined ? '' : `, lowered from ${formatDuration(lowered.fullCapMs)}`;
  return `${capMs === undefined ? 'until done' : formatDuration(capMs)}${from} (from ${source})`;
}
