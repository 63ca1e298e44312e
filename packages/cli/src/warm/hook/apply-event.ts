import { fileURLToPath } from 'node:url';
import { arm, cancel, off, openWarmStore, REQUEST_COOKIE, type Transition, type WarmRecord } from '@csa/warm/hook';
import type { HookAction, HookEvent } from './hook-event.ts';

const HEARTBEAT = fileURLToPath(new URL('../../../bin/csa-warm.js', import.meta.url));

const TRANSITIONS: Readonly<Record<HookAction, (at: number) => Transition>> = {
  arm,
  cancel,
  off: (at) => off(at, 'session_ended'),
};

/**
 * Writes down what the event means for all that is kept warm of its conversation. Where a conversation was switched
 * on, its caller is idle and nobody warms for it any more, a heartbeat is started, which is not waited for.
 */
export async function applyHookEvent({ action, conversation }: HookEvent, env: NodeJS.ProcessEnv): Promise<void> {
  // A request of the warmer's own is nothing that the conversation does.
  if (env[REQUEST_COOKIE] !== undefined) return;
  const at = Date.now();
  const isKilled = env['CSA_WARM'] === 'off';
  const transition = isKilled ? off(at, 'kill_switch') : TRANSITIONS[action](at);
  const records = openWarmStore(env).list({ caller: { agent: 'claude-code', id: conversation } });
  const changed = records.filter((record) => isOnAfter(record, transition));
  if (isKilled || action !== 'arm') return;
  for (const record of changed) await adoptIfAlone(record, env);
}

/** Of several, one whose state cannot be written must not keep the others from theirs. */
function isOnAfter(record: WarmRecord, transition: Transition): boolean {
  try {
    const power = record.change(transition)?.power;
    return power?.kind === 'on' && power.until > Date.now();
  } catch {
    return false;
  }
}

/** Missed beats are not made up: the heartbeat itself decides what is still worth sending. */
async function adoptIfAlone(record: WarmRecord, env: NodeJS.ProcessEnv): Promise<void> {
  if ((await record.claim.holder()).kind !== 'nobody') return;
  const { startHeartbeat } = await import('@csa/warm');
  void startHeartbeat(record, { script: HEARTBEAT, env });
}
