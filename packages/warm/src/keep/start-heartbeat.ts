import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessIdentity, probe, type SignalOutcome, signalProven } from '@csa/liveness';
import { errnoOf, HOOK_COOKIE, SESSION_COOKIE } from '@csa/session';
import { endLeftRunning } from '../store/in-flight.ts';
import { isOnAt } from '../store/transitions.ts';
import type { WarmRecord } from '../store/warm-record.ts';
import { ANSWER_FD, type HeartbeatAnswer, heartbeatWords } from './heartbeat-answer.ts';

export interface HeartbeatStart {
  /** The script that calls `runHeartbeat`. */
  readonly script: string;
  /** Its whole environment, but for what belongs to its starter alone: its driver finds its credential there. */
  readonly env: NodeJS.ProcessEnv;
}

/** `none`: there was none. `wait`: a wait warms, and ends by itself. `unknown`: it cannot be proven, and was left alone. */
export type HeartbeatEnd = 'ended' | 'none' | 'wait' | 'unknown';

/** A process answers in a fraction of a second; only a stuck disk keeps it silent for so long. */
const ANSWER_MS = 30_000;
const LOOK_MS = 20;
/** It writes its books and goes; then it is killed, and its books say that nobody lived to see an answer. */
const GRACE_MS = 5_000;
const KILLED_MS = 5_000;

/**
 * Starts the one process that beats for this record, detached, and returns when it has said what it does. Where one
 * beats already the new one ends at once: `taken`. Never throws.
 */
export async function startHeartbeat(record: WarmRecord, { script, env }: HeartbeatStart): Promise<HeartbeatAnswer> {
  const { [SESSION_COOKIE]: _session, [HOOK_COOKIE]: _hook, NODE_OPTIONS: _options, ...rest } = env;
  try {
    const child = spawn(process.execPath, [script, ...heartbeatWords(record)], {
      cwd: '/',
      env: rest,
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    child.unref();
    return await answerOf(child);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return { kind: 'failed', message: `it could not be spawned: ${(error as Error).message}` };
  }
}

/**
 * Starts a heartbeat where one should run and none does: after a crash, a reboot, a kill. Beats that were missed are not
 * made up. Never throws.
 */
export async function adoptHeartbeat(record: WarmRecord, how: HeartbeatStart): Promise<HeartbeatAnswer> {
  if (!isOnAt(record.readState(), Date.now())) return { kind: 'idle' };
  const holder = await record.claim.holder();
  return holder.kind === 'nobody' ? startHeartbeat(record, how) : { kind: 'taken' };
}

/**
 * Ends the process that beats for this record, and returns when it has ended. Signals nothing but the very process that
 * holds the claim, and the programs that killed ones have left running.
 * @throws EPERM when it belongs to somebody else
 */
export async function endHeartbeat(record: WarmRecord): Promise<HeartbeatEnd> {
  try {
    return await endHolder(record);
  } finally {
    await endLeftRunning(record.root);
  }
}

async function endHolder(record: WarmRecord): Promise<HeartbeatEnd> {
  const holder = await record.claim.holder();
  switch (holder.kind) {
    case 'nobody':
      return 'none';
    case 'unknown':
    case 'unreadable':
      return 'unknown';
    case 'alive':
      return holder.role === 'wait' ? 'wait' : endProven(holder.identity);
  }
}

async function endProven(identity: ProcessIdentity): Promise<HeartbeatEnd> {
  const outcome = await signalProven(identity, 'SIGTERM');
  if (outcome !== 'sent') return outcomeOf(outcome);
  // A stopped process acts on nothing until it is continued.
  await signalProven(identity, 'SIGCONT');
  if (await hasEnded(identity, GRACE_MS)) return 'ended';
  const killed = await signalProven(identity, 'SIGKILL');
  if (killed !== 'sent') return outcomeOf(killed);
  return (await hasEnded(identity, KILLED_MS)) ? 'ended' : 'unknown';
}

function outcomeOf(outcome: Exclude<SignalOutcome, 'sent'>): HeartbeatEnd {
  return outcome === 'gone' ? 'ended' : 'unknown';
}

async function hasEnded(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited <= withinMs; waited += LOOK_MS) {
    if ((await probe(identity)).state === 'dead') return true;
    await delay(LOOK_MS);
  }
  return false;
}

async function answerOf(child: ChildProcess): Promise<HeartbeatAnswer> {
  const failed = Promise.withResolvers<HeartbeatAnswer>();
  const fail = (message: string): void => failed.resolve({ kind: 'failed', message });
  child.once('error', (error) => fail(`it could not be spawned: ${error.message}`));
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    fail(`it gave no answer for ${ANSWER_MS / 1000}s and was ended`);
  }, ANSWER_MS);
  // A spawn that fails for want of descriptors leaves no streams at all.
  const pipe = child.stdio?.[ANSWER_FD] as Readable | null | undefined;
  try {
    return pipe == null ? await failed.promise : await Promise.race([readAnswer(pipe), failed.promise]);
  } finally {
    clearTimeout(timer);
    pipe?.destroy();
  }
}

async function readAnswer(pipe: Readable): Promise<HeartbeatAnswer> {
  try {
    return JSON.parse(await text(pipe)) as HeartbeatAnswer;
  } catch {
    return { kind: 'failed', message: 'it ended before it answered' };
  }
}
