import { setTimeout as delay } from 'node:timers/promises';
import type { Located } from '@csa/calls';
import { Refusal } from '@csa/session';
import {
  type DriverChoice,
  endHeartbeat,
  isOnAt,
  off,
  on,
  openWarmStore,
  startHeartbeat,
  type WarmCaller,
  type WarmReason,
  type WarmRecord,
  type WarmSettings,
} from '@csa/warm';
import { HEARTBEAT_SCRIPT } from '../heartbeat-script.ts';
import { REASON_WORDS } from '../reason-words.ts';

/** All that is to be written down. Times in milliseconds. */
export interface SwitchOnOrder {
  readonly located: Located;
  readonly caller: WarmCaller;
  readonly settings: WarmSettings & { readonly driver: DriverChoice };
  readonly durationMs: number;
  /** When the caller's last request began, since the epoch. */
  readonly anchor: number | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** `taken`: another process warms this conversation by now, and does so with the new settings. */
export interface SwitchedOn {
  readonly wasOn: boolean;
  readonly until: number;
  readonly heartbeat: { readonly kind: 'started'; readonly pid: number } | { readonly kind: 'taken' };
}

const LETTING_GO_MS = 2_000;
const LOOK_MS = 20;

/**
 * Writes down what should be, ends the process that beats by the old settings, and starts one that beats by the new
 * ones, with the environment and the credentials of now.
 * @throws Refusal where the state cannot be written, nothing is left to send or no heartbeat comes to life: then it is off
 */
export async function switchOn(order: SwitchOnOrder): Promise<SwitchedOn> {
  const { located, caller, settings, durationMs, anchor, env } = order;
  const key = { caller, session: located.session.id };
  const record = openWarmStore(env).record(key);
  const at = Date.now();
  const until = at + durationMs;
  const wasOn = isOnAt(record.readState(), at);
  record.change(on({ key, at, until, settings, anchor }));
  // One that nobody here can signal ends by itself once it sees that it is on anew.
  if ((await endHeartbeat(record)) === 'unknown') await hasLetGo(record);
  return { wasOn, until, heartbeat: await begin(record, env) };
}

async function hasLetGo(record: WarmRecord): Promise<void> {
  const deadline = performance.now() + LETTING_GO_MS;
  while ((await record.claim.holder()).kind !== 'nobody' && performance.now() < deadline) await delay(LOOK_MS);
}

async function begin(record: WarmRecord, env: NodeJS.ProcessEnv): Promise<SwitchedOn['heartbeat']> {
  const answer = await startHeartbeat(record, { script: HEARTBEAT_SCRIPT, env });
  switch (answer.kind) {
    case 'ready':
      return { kind: 'started', pid: answer.pid };
    case 'taken':
      return answer;
    case 'idle':
      throw notStarted('it was switched off by somebody else meanwhile');
    case 'stopped':
      throw nothingToSend(answer.reason);
    case 'failed':
      record.change(off(Date.now(), 'driver_unavailable'));
      throw notStarted(answer.message);
  }
}

function nothingToSend(reason: WarmReason): Refusal {
  return new Refusal({
    reason,
    what: 'there is nothing that it would pay to send',
    expected: 'a cache that one more request keeps warm, within its limits',
    got: REASON_WORDS[reason],
    next: 'Nothing is kept warm now. See what was sent so far',
    command: ['session', 'warm', 'status'],
  });
}

function notStarted(got: string): Refusal {
  return new Refusal({
    reason: 'heartbeat-not-started',
    what: 'the process that keeps the cache warm does not run',
    expected: 'one that says it is ready',
    got,
    next: 'Try again; nothing is kept warm now',
    command: ['session', 'warm', 'status'],
  });
}
