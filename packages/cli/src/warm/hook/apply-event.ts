import { setTimeout as delay } from 'node:timers/promises';
import type { WarmCaller } from '@csa/warm';
import {
  arm,
  cancel,
  isOnAt,
  off,
  openWarmStore,
  REQUEST_COOKIE,
  type Transition,
  type WarmRecord,
  type WarmStore,
} from '@csa/warm/hook';
import { HEARTBEAT_SCRIPT } from '../heartbeat-script.ts';
import type { HookAction, HookEvent } from './hook-event.ts';

/** A hook stands in the way of a tool. */
const AGAIN_MS = 20;

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
  const records = await listFirmly(openWarmStore(env), { agent: 'claude-code', id: conversation });
  const changed: WarmRecord[] = [];
  for (const record of records) if (await isOnAfter(record, transition)) changed.push(record);
  if (isKilled || action !== 'arm') return;
  for (const record of changed) await adoptIfAlone(record, env);
}

/**
 * Everything that is kept warm for a caller. What cannot be read (EMFILE, EIO) is asked for once more, because whoever
 * is not told of a request may send into it; then those that can be read must do.
 */
export async function listFirmly(store: Pick<WarmStore, 'list'>, caller: WarmCaller): Promise<WarmRecord[]> {
  try {
    return await twice(() => store.list({ caller }, 'throw'));
  } catch {
    return store.list({ caller });
  }
}

/** Of several, one whose state cannot be written must not keep the others from theirs. */
async function isOnAfter(record: WarmRecord, transition: Transition): Promise<boolean> {
  try {
    return isOnAt(await twice(() => record.change(transition)), Date.now());
  } catch {
    return false;
  }
}

/** Descriptors that are short and a disk that stutters may be well again in a moment. */
async function twice<T>(act: () => T): Promise<T> {
  try {
    return act();
  } catch {
    await delay(AGAIN_MS);
    return act();
  }
}

/** Missed beats are not made up: the heartbeat itself decides what is still worth sending. */
async function adoptIfAlone(record: WarmRecord, env: NodeJS.ProcessEnv): Promise<void> {
  if ((await record.claim.holder()).kind !== 'nobody') return;
  const { startHeartbeat } = await import('@csa/warm');
  void startHeartbeat(record, { script: HEARTBEAT_SCRIPT, env });
}
