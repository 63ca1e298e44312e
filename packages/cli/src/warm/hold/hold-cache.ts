import {
  Keeper,
  type KeeperEnd,
  keepInMemory,
  openWarmStore,
  type SwitchOn,
  systemClock,
  type WarmHolder,
  type WarmReason,
  type WarmRecord,
  type WarmStore,
} from '@csa/warm';
import { type HoldPlan, type HoldWish, planHold } from './hold-plan.ts';
import { busyWords, type HolderRole, speaking, stoppedWords, troubleWords } from './hold-words.ts';

/** The caller's cache in the hands of a wait. */
export interface CacheHold {
  /** A further request would cost more than it could save. */
  readonly paysNoMore: boolean;
  /** Calls off what is under way, at once; the books are closed a moment later, and nothing more is said. */
  end(): void;
}

/**
 * Holds the caller's prompt cache for as long as a wait blocks: in this process, with the conversation's own books, and
 * with a state that no other process takes up. Whatever goes wrong with it is a line for people; `undefined` where
 * nothing can hold it. Never throws: no wait fails for a cache.
 * @param say one line for people
 */
export function holdCache(wish: HoldWish, say: (line: string) => void): CacheHold | undefined {
  try {
    const plan = planHold(wish);
    plan.warnings.forEach(say);
    return begin(plan, openWarmStore(wish.env), say);
  } catch (error) {
    say(troubleWords(error));
    return undefined;
  }
}

function begin(plan: HoldPlan, store: WarmStore, say: (line: string) => void): CacheHold {
  const over = new AbortController();
  const hold = { paysNoMore: false, end: () => over.abort() };
  const sayInTime = (line: string): void => {
    // The last word is the verdict's.
    if (!over.signal.aborted) say(line);
  };
  void keep({ ...plan, store, record: store.record(plan.on.key), say: sayInTime }, over.signal).then(
    (end) => {
      if (end?.kind !== 'stopped') return;
      hold.paysNoMore = end.reason === 'break_even_reached';
      sayInTime(stoppedWords(end.reason));
    },
    (error: unknown) => sayInTime(troubleWords(error)),
  );
  return hold;
}

interface Holding extends HoldPlan {
  readonly store: WarmStore;
  readonly record: WarmRecord;
  readonly say: (line: string) => void;
}

/** `undefined`: the caller has one cache, whatever it waits for, and somebody keeps it warm already. */
async function keep(holding: Holding, signal: AbortSignal): Promise<KeeperEnd | undefined> {
  const { on, record, store, say } = holding;
  const [other] = await store.holders(on.key.caller);
  const claim = other ?? (await record.claim.take('wait', on.until));
  if (!('release' in claim)) {
    say(busyWords(roleOf(claim)));
    return undefined;
  }
  try {
    const end = await keeperOf(holding).run(signal);
    leaveTrace(record, on, end.kind === 'stopped' ? end.reason : 'duration_elapsed');
    return end;
  } finally {
    claim.release();
  }
}

function roleOf(holder: Exclude<WarmHolder, { kind: 'nobody' }>): HolderRole {
  return holder.kind === 'alive' ? holder.role : 'unknown';
}

function keeperOf({ on, driver, lastUse, record, store, say }: Holding): Keeper {
  return new Keeper({
    record: keepInMemory(record, on),
    driver,
    clock: systemClock,
    // As long as the wait goes on, what it waits for does.
    session: async () => 'alive',
    lastUse,
    others: () => store.booksBeside(record.key),
    flight: store.flight(driver.credential),
    tell: speaking(store.tell, say),
    role: 'wait',
    killSwitch: false,
  });
}

/** Where requests were sent, the books can be looked at afterwards: a status shows what was ever switched on. */
function leaveTrace(record: WarmRecord, { key, settings }: SwitchOn, reason: WarmReason): void {
  if (!record.readLedger().some(({ kind }) => kind === 'beat')) return;
  record.change((state) => {
    if (state !== undefined) return undefined;
    return { key, power: { kind: 'off', at: Date.now(), reason }, caller: 'idle', settings };
  });
}
