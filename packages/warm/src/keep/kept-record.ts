import { isDeepStrictEqual } from 'node:util';
import type { WarmReason } from '../policy/reason.ts';
import { off, on, type SwitchOn } from '../store/transitions.ts';
import type { WarmRecord } from '../store/warm-record.ts';
import type { WarmState } from '../store/warm-state.ts';
import type { Shelf } from './open-books.ts';

/** What a keeper needs of a record: what should be, and the books. */
export interface KeptRecord extends Shelf {
  /** @throws a system error where it is not known now */
  readState(): WarmState | undefined;
  /**
   * Switches off because there is nothing to come back for. `false`: the state is no longer the one that this was
   * decided on.
   * @throws Refusal where the state cannot be written
   */
  conclude(generation: number, at: number, reason: WarmReason): boolean;
}

/** A record whose state stands on disk, where others change it. */
export function keepOnDisk(record: WarmRecord): KeptRecord {
  return {
    readState: () => record.requireState(),
    conclude: (generation, at, reason) => {
      const state = record.change((state) => (state?.generation === generation ? off(at, reason)(state) : undefined));
      return state?.power.kind !== 'on';
    },
    ...shelfOf(record),
  };
}

/**
 * A record for as long as one wait lasts: its state is in memory, so that nobody starts a heartbeat for a wait that was
 * killed, and its books are the conversation's own. Whoever switches the conversation off on disk meanwhile ends it.
 */
export function keepInMemory(record: WarmRecord, request: SwitchOn): KeptRecord {
  const before = record.readState();
  const begun = on(request)(undefined);
  if (begun === undefined) throw new Error('nothing was switched on');
  const generation = before?.generation ?? 0;
  const anchor = Math.max(request.anchor ?? 0, before?.anchor ?? 0);
  let state: WarmState = { ...begun, generation, ...(anchor > 0 ? { anchor } : {}) };
  return {
    readState: () => {
      const now = record.requireState();
      const isOff = now !== undefined && now.generation !== generation && now.power.kind === 'off';
      return isOff ? { ...state, power: now.power, generation: now.generation } : state;
    },
    conclude: (_, at, reason) => {
      state = { ...state, power: { kind: 'off', at, reason } };
      return true;
    },
    ...shelfOf(record),
  };
}

/**
 * The same for whoever works by `begun`: over as soon as it is switched on anew. What is wanted then is another one's to
 * send, with the driver and the credentials of that time.
 */
export function untilOnAnew(record: KeptRecord, begun: WarmState): KeptRecord {
  return {
    ...record,
    readState: () => {
      const state = record.readState();
      return isOnAnew(begun, state) ? undefined : state;
    },
  };
}

function isOnAnew(begun: WarmState, now: WarmState | undefined): boolean {
  if (now?.power.kind !== 'on') return false;
  return !isDeepStrictEqual([now.power, now.settings], [begun.power, begun.settings]);
}

function shelfOf(record: WarmRecord): Shelf {
  return {
    readLedger: () => record.readLedger(),
    requireBooks: () => record.requireBooks(),
    append: (entry) => record.append(entry),
    rewriteLedger: (entries) => record.rewriteLedger(entries),
  };
}
