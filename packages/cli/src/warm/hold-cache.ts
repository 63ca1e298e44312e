import {
  type Holder,
  Keeper,
  type KeeperParts,
  keepInMemory,
  makeDriver,
  openWarmStore,
  type SwitchOn,
  systemClock,
  type WarmKey,
  type WarmRecord,
  type WarmStore,
} from '@csa/warm';
import { warmConfig } from '../config/warm-config.ts';
import type { Located } from '../locate.ts';
import { ANY_DRIVER } from '../wait/keep-warm-word.ts';
import { callerTurn, currentDirectory } from './caller-turn.ts';
import { chooseCaller } from './choose-caller.ts';
import { chooseDriver } from './choose-driver.ts';
import { busyWords, type HolderRole, speaking, stoppedWords, troubleWords } from './hold-words.ts';
import { warmLimits } from './warm-settings.ts';

/** What a wait is to hold warm while it blocks. */
export interface HoldRequest {
  /** As it stands behind `--keep-warm=`. */
  readonly driver: string;
  /** The session that is waited for; of several, any. */
  readonly located: Located;
  readonly env: NodeJS.ProcessEnv;
  /** One line for people. */
  readonly say: (line: string) => void;
}

/** The caller's cache in the hands of a wait. */
export interface CacheHold {
  /** A further request would cost more than it could save. */
  readonly paysNoMore: boolean;
  /** Calls off what is under way, at once; the books are closed a moment later. */
  end(): void;
}

/**
 * Holds the caller's prompt cache for as long as a wait blocks: in this process, with the conversation's own books, and
 * with a state that no other process takes up. Whatever goes wrong with it from here on is a line for people.
 * @throws Refusal for a caller or a driver that is not there: before anything is waited for
 */
export function holdCache(request: HoldRequest): CacheHold {
  const plan = planOf(request);
  const store = openWarmStore(request.env);
  const record = store.record(plan.on.key);
  const over = new AbortController();
  const hold = { paysNoMore: false, end: () => over.abort() };
  const keep = async (): Promise<void> => {
    const holder = await otherHolder(store, plan.on.key);
    if (holder !== undefined) return request.say(busyWords(holder));
    const end = await holdWith({ ...plan, store, record, say: request.say }, over.signal);
    if (end?.kind !== 'stopped') return;
    hold.paysNoMore = end.reason === 'break_even_reached';
    request.say(stoppedWords(end.reason));
  };
  keep().catch((error: unknown) => request.say(troubleWords(error)));
  return hold;
}

interface Plan {
  readonly on: SwitchOn;
  readonly driver: ReturnType<typeof makeDriver>;
  readonly lastUse: KeeperParts['lastUse'];
}

/** A wait has its own cap; this only has to be a time. */
const LONGEST_MS = 7 * 86_400_000;

function planOf({ driver, located, env }: HoldRequest): Plan {
  const caller = chooseCaller(undefined, env);
  const config = warmConfig({ env, project: located.project });
  const choice = chooseDriver({ name: driver === ANY_DRIVER ? undefined : driver }, { config, caller, env });
  const cwd = currentDirectory() ?? '/';
  const lastUse = () => callerTurn(caller, env, cwd);
  const turn = lastUse();
  const at = Date.now();
  const settings = {
    ...warmLimits({ revive: false }, { config, turn }),
    sessionDirectory: located.session.directory,
    cwd,
    driver: choice,
    durationGiven: true,
  };
  const key = { caller, session: located.session.id };
  const on = { key, at, until: at + LONGEST_MS, settings, anchor: turn?.startedAt };
  return { on, driver: makeDriver(choice, env), lastUse };
}

/** The caller has one cache, whatever it waits for: who keeps it warm already does so for this wait, too. */
async function otherHolder(store: WarmStore, { caller }: WarmKey): Promise<HolderRole | undefined> {
  const [holder] = await store.holders(caller);
  return holder === undefined ? undefined : roleOf(holder);
}

function roleOf(holder: Exclude<Holder, { kind: 'nobody' }>): HolderRole {
  return holder.kind === 'alive' ? holder.role : 'unknown';
}

interface Holding extends Plan {
  readonly store: WarmStore;
  readonly record: WarmRecord;
  readonly say: (line: string) => void;
}

/** `undefined`: somebody else was first. */
async function holdWith({ on, driver, lastUse, store, record, say }: Holding, signal: AbortSignal) {
  const claim = await record.claim.take('wait', on.until);
  if (!('release' in claim)) {
    say(busyWords(roleOf(claim)));
    return undefined;
  }
  try {
    const keeper = new Keeper({
      record: keepInMemory(record, on),
      driver,
      clock: systemClock,
      // As long as the wait goes on, what it waits for does.
      session: async () => 'alive',
      lastUse,
      others: () => store.booksBeside(record.key),
      flight: store.flight(driver.credential),
      tell: speaking(store.telemetry.tell, say),
      role: 'wait',
      killSwitch: false,
    });
    return await keeper.run(signal);
  } finally {
    claim.release();
  }
}
