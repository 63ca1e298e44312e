import { setTimeout as delay } from 'node:timers/promises';
import { callerName } from '@csa/calls/warm';
import { type ProcessIdentity, probe } from '@csa/liveness';
import { cleanLine } from '@csa/markers';
import { errnoOf, Refusal } from '@csa/session';
import {
  endHeartbeat,
  type HeartbeatEnd,
  isOnAt,
  off,
  type WarmCaller,
  type WarmHolder,
  type WarmRecord,
} from '@csa/warm';
import { answer, type Report } from '../../report.ts';
import type { ChosenRecords } from './choose-records.ts';
import { type NotWritten, notWritten } from './not-written.ts';

/** It has let go of its record already. */
const LEAVING_MS = 5_000;
const LEAVING_LOOK_MS = 10;

/** What became of one conversation. */
interface SwitchedOff {
  readonly session: string;
  readonly caller: WarmCaller;
  readonly wasOn: boolean;
  readonly heartbeat: HeartbeatEnd;
  /** Why it could not be written down. */
  readonly refusal?: Refusal;
}

/**
 * Writes down that nothing is to be sent, then ends whoever sends; what is off already stays so.
 * @throws Refusal where something could not be written down, after all that could be ended has been
 */
export async function warmOff({ records, place }: ChosenRecords, json: boolean): Promise<Report> {
  const done: SwitchedOff[] = [];
  for (const record of records) done.push(await switchOff(record));
  const [failed, ...others] = done.flatMap(notWrittenOf);
  if (failed !== undefined) throw notWritten([failed, ...others]);
  const notes = done.flatMap(noteOf);
  if (json) return answer([JSON.stringify(offDocument(done))], notes);
  const changed = done.filter(({ wasOn, heartbeat }) => wasOn || heartbeat === 'ended');
  if (changed.length > 0) return answer(changed.map(offLine), notes);
  return answer([], [`Nothing is kept warm for ${cleanLine(place)}.`, ...notes]);
}

async function switchOff(record: WarmRecord): Promise<SwitchedOff> {
  const { caller, session } = record.key;
  const wasOn = isOnAt(record.readState(), Date.now());
  const holder = await record.claim.holder();
  let trouble: unknown;
  try {
    record.change(off(Date.now(), 'not_enabled'));
  } catch (error) {
    // Even where it cannot be written down nothing more must be sent.
    trouble = error;
  }
  const heartbeat = await endQuietly(record, holder);
  const done = { session, caller, wasOn, heartbeat };
  if (trouble === undefined) return done;
  if (!(trouble instanceof Refusal)) throw trouble;
  return { ...done, refusal: trouble };
}

function notWrittenOf({ session, caller, heartbeat, refusal }: SwitchedOff): NotWritten[] {
  return refusal === undefined ? [] : [{ key: { session, caller }, heartbeat, refusal }];
}

/** Somebody else's process reads in its state that it is to end, and so does one that was faster than we are. */
async function endQuietly(record: WarmRecord, before: WarmHolder): Promise<HeartbeatEnd> {
  try {
    const end = await endHeartbeat(record);
    const hasBeaten = before.kind === 'alive' && before.role === 'heartbeat';
    if (end !== 'none' || !hasBeaten) return end;
    return (await hasLeft(before.identity)) ? 'ended' : 'unknown';
  } catch (error) {
    if (errnoOf(error) === undefined && !(error instanceof Refusal)) throw error;
    return 'unknown';
  }
}

async function hasLeft(identity: ProcessIdentity): Promise<boolean> {
  const deadline = performance.now() + LEAVING_MS;
  while ((await probe(identity)).state !== 'dead') {
    if (performance.now() >= deadline) return false;
    await delay(LEAVING_LOOK_MS);
  }
  return true;
}

function offLine({ session, caller }: SwitchedOff): string {
  return `${session} ${callerName(caller)} is no longer kept warm.`;
}

function noteOf({ session, heartbeat }: SwitchedOff): string[] {
  switch (heartbeat) {
    case 'unknown':
      return [`csa: ${session}: whether its heartbeat has ended cannot be told; it ends by itself within a minute.`];
    case 'wait':
      return [`csa: ${session}: a wait kept it warm; it goes on to wait, and sends nothing more.`];
    default:
      return [];
  }
}

function offDocument(done: readonly SwitchedOff[]): object {
  return {
    schema: 'csa.session-warm-off/1',
    conversations: done.map(({ session, caller, wasOn, heartbeat }) => ({
      session,
      caller: { agent: caller.agent, id: caller.id },
      was_on: wasOn,
      heartbeat,
    })),
  };
}
