import { Refusal } from '@csa/session';
import type { ClaimRole, Tell, WarmReason } from '@csa/warm';
import { REASON_WORDS } from '../reason-words.ts';

/** Why nothing is sent although something should be: what is due later, or follows from a failure, is no news. */
const TROUBLES: ReadonlySet<WarmReason> = new Set(['predicted_cold', 'deadline_missed', 'cache_mismatch']);

/** Who warms already, as far as that can be told. */
export type HolderRole = ClaimRole | 'unknown';

const HOLDERS: Readonly<Record<HolderRole, string>> = {
  heartbeat: 'a heartbeat does so already',
  wait: 'another wait of this conversation does so already',
  unknown: 'it cannot be told whether somebody does so already',
};

export function busyWords(holder: HolderRole): string {
  return `this wait does not keep the cache warm: ${HOLDERS[holder]}`;
}

export function stoppedWords(reason: WarmReason): string {
  return `the cache is no longer kept warm: ${REASON_WORDS[reason]}. The wait goes on.`;
}

/** Something of ours that failed; the wait does not. */
export function troubleWords(error: unknown): string {
  const why = error instanceof Refusal || error instanceof Error ? error.message : String(error);
  return `the cache is not kept warm: ${why.split('\n')[0]?.replace(/\.$/, '')}. The wait goes on.`;
}

/** Says each trouble in words, once, beside telling of everything. */
export function speaking(tell: Tell, say: (line: string) => void): Tell {
  const said = new Set<WarmReason>();
  return (event) => {
    tell(event);
    const { event: kind, reason = 'probe_failed' } = event;
    if (kind !== 'warm_failed' && !(kind === 'warm_skipped' && TROUBLES.has(reason))) return;
    if (said.has(reason)) return;
    said.add(reason);
    say(`the cache was not read in time: ${REASON_WORDS[reason]}. The wait goes on.`);
  };
}
