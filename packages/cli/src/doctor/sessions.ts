import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Located } from '@csa/calls';
import { type Surveyed, surveySessions } from '@csa/calls/list';
import { lookAtSession } from '@csa/calls/look';
import type { SessionPhase } from '@csa/calls/view';
import { probe } from '@csa/liveness';
import { LOG_NAMES, type LookupScope, listAllSessions, logSize, Refusal, readCommand } from '@csa/session';
import { findLeftovers } from '../gc/collect-garbage.ts';
import { TRIAL_PREFIX } from './trial.ts';

/** A session in which something stayed behind. */
export type Suspect =
  | { readonly kind: 'survivor'; readonly located: Located; readonly pid: number }
  | { readonly kind: 'stopped'; readonly located: Located; readonly pid: number | null }
  | { readonly kind: 'idle supervisor'; readonly located: Located }
  | { readonly kind: 'lingering'; readonly located: Located }
  | { readonly kind: 'unknown'; readonly located: Located; readonly reason: string };

/** The sessions of all projects, as far as they were looked at. */
export interface SessionsFacts {
  readonly total: number;
  readonly looked: number;
  readonly states: Readonly<Record<SessionPhase, number>>;
  readonly logBytes: number;
  readonly suspects: readonly Suspect[];
  /** How many directories a start or a removal that was cut off has left. */
  readonly leftovers: number;
  /** Directories that a doctor has left. */
  readonly trials: readonly string[];
}

/** A look must not take longer the longer the program is in use. */
const MAX_LOOKS = 200;
const MAX_LOOKING_MS = 5_000;
/** A supervisor that is about to leave needs less. */
const SETTLE_MS = 1_000;
const UNTOUCHED_MS = 3_600_000;

/** A text is why the sessions cannot be listed. */
export async function sessionsOrTrouble(scope: LookupScope, abort: AbortSignal): Promise<SessionsFacts | string> {
  try {
    return await sessionsFacts(scope, abort);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** The newest sessions, none of them changed; fewer when `abort` comes. @throws Refusal reason=state-root-unreadable */
async function sessionsFacts(scope: LookupScope, abort: AbortSignal): Promise<SessionsFacts> {
  const total = listAllSessions(scope.roots).ids.length;
  const states = { alive: 0, finished: 0, dead: 0, unknown: 0 };
  const suspects: Suspect[] = [];
  let logBytes = 0;
  let looked = 0;
  const end = performance.now() + MAX_LOOKING_MS;
  for await (const one of surveySessions(scope, { allProjects: true, seesLingering: true })) {
    looked += 1;
    states[one.view.state] += 1;
    logBytes += logBytesOf(one);
    const suspect = await suspectOf(one);
    if (suspect !== undefined) suspects.push(suspect);
    if (looked === MAX_LOOKS || performance.now() > end || abort.aborted) break;
  }
  const leftovers = findLeftovers(scope, Date.now(), true).length;
  const trials = trialsIn(scope.roots.primary);
  return { total, looked, states, logBytes, suspects: await settled(suspects), leftovers, trials };
}

async function suspectOf({ located, looked, view }: Surveyed): Promise<Suspect | undefined> {
  if (looked.survivor !== undefined) return { kind: 'survivor', located, pid: looked.survivor };
  if (looked.stalled) return { kind: 'stopped', located, pid: view.supervisor_pid };
  if (view.state === 'unknown') return { kind: 'unknown', located, reason: view.reason ?? 'unknown' };
  if (view.state === 'finished' && looked.waited.facts?.daemon.state === 'alive') return { kind: 'lingering', located };
  if (view.state === 'alive' && (await hasLostItsCommand(located))) return { kind: 'idle supervisor', located };
  return undefined;
}

async function hasLostItsCommand({ session }: Located): Promise<boolean> {
  const command = readCommand(session);
  return command.kind === 'present' && (await probe(command.value)).state === 'dead';
}

/** Without those that were only just about to leave. */
async function settled(suspects: readonly Suspect[]): Promise<Suspect[]> {
  const isPassing = ({ kind }: Suspect): boolean => kind === 'lingering' || kind === 'idle supervisor';
  if (!suspects.some(isPassing)) return [...suspects];
  await sleep(SETTLE_MS);
  const kept = await Promise.all(suspects.map(async (one) => !isPassing(one) || (await isStillAlive(one.located))));
  return suspects.filter((_, i) => kept[i]);
}

async function isStillAlive(located: Located): Promise<boolean> {
  const { waited } = await lookAtSession(located);
  return waited.facts?.daemon.state === 'alive';
}

function logBytesOf({ looked: { session } }: Surveyed): number {
  return LOG_NAMES.reduce((sum, name) => sum + (quietly(() => logSize(session, name)) ?? 0), 0);
}

/** What a doctor that was killed has left. */
function trialsIn(root: string): string[] {
  const names = quietly(() => readdirSync(root))?.filter((name) => name.startsWith(TRIAL_PREFIX)) ?? [];
  const before = Date.now() - UNTOUCHED_MS;
  return names
    .map((name) => join(root, name))
    .filter((path) => (quietly(() => statSync(path).mtimeMs) ?? Number.POSITIVE_INFINITY) < before);
}

/** Trouble in adding up must not take the rest of the answer away. */
function quietly<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
