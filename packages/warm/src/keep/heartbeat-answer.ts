import { closeSync, writeSync } from 'node:fs';
import type { WarmReason } from '../policy/reason.ts';
import type { WarmKey } from '../store/warm-key.ts';
import { WarmRecord } from '../store/warm-record.ts';

/** Where a heartbeat tells its starter what it does. */
export const ANSWER_FD = 3;

/**
 * `taken`: another one beats. `idle`: the state says that nothing is to be done. `stopped`: its first look has found that
 * nothing is left to send, and it has switched off.
 */
export type HeartbeatAnswer =
  | { readonly kind: 'ready'; readonly pid: number }
  | { readonly kind: 'taken' }
  | { readonly kind: 'idle' }
  | { readonly kind: 'stopped'; readonly reason: WarmReason }
  | { readonly kind: 'failed'; readonly message: string };

/** The words of a heartbeat's command line: which record is its own. */
export function heartbeatWords({ root, key }: WarmRecord): string[] {
  return [root, key.caller.agent, key.caller.id, key.session];
}

/** `undefined` for the words of a command line that are none of these. */
export function recordOf(words: readonly string[]): WarmRecord | undefined {
  const [root, agent, id, session] = words;
  if (!root || !id || !session || !isAgent(agent)) return undefined;
  return new WarmRecord(root, { caller: { agent, id }, session });
}

function isAgent(word: string | undefined): word is WarmKey['caller']['agent'] {
  return word === 'claude-code' || word === 'codex' || word === 'other';
}

/** The one answer that a heartbeat gives its starter. */
export class AnswerLine {
  #isSaid = false;

  /** Only the first one is said: afterwards the descriptor is another file's. Never throws. */
  say(message: HeartbeatAnswer): void {
    if (this.#isSaid) return;
    this.#isSaid = true;
    try {
      writeSync(ANSWER_FD, JSON.stringify(message));
      closeSync(ANSWER_FD);
    } catch {
      // The starter is gone; the heartbeat is not its starter's.
    }
  }
}
