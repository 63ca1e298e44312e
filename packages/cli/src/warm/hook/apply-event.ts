import { arm, cancel, off, openWarmStore, type Transition, type WarmRecord } from '@csa/warm/hook';
import type { HookAction, HookEvent } from './hook-event.ts';

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
    return record.change(transition)?.power.kind === 'on';
  } catch {
    return false;
  }
}

async function adoptIfAlone(record: WarmRecord, env: NodeJS.ProcessEnv): Promise<void> {
  if ((await record.claim.holder()).kind !== 'nobody') return;
  const { spawnHeartbeat } = await import('./spawn-heartbeat.ts');
  spawnHeartbeat(record, env);
}
