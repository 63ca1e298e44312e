import { decide } from './decide.ts';
import { type Arrival, isOver, whoCounts } from './need.ts';
import type { WaitSource } from './source.ts';
import { type WaitEnd, type Waited, type WaitOptions, wait } from './wait.ts';

export interface ManyOptions extends WaitOptions {
  /** How many of the sessions have to be over: all of them, one, or any number in between. */
  readonly need: number;
  /** Called as soon as the wait for one of them has ended; `index` is its place in the order given. */
  readonly onEnd?: (index: number, waited: Waited) => void;
}

/** One session's part in a wait for many. */
export interface Member {
  /** Never `interrupted`: where the wait was over before the session it is what it would have been at the cap. */
  readonly waited: Waited;
  /** Whether the answer is made of it. */
  readonly counts: boolean;
}

export interface ManyWaited {
  /** In the order given. */
  readonly members: readonly Member[];
  /** `unmet`: each session is over, at the cap, or one of which nothing more can be learned. */
  readonly outcome: 'met' | 'unmet' | 'interrupted';
  readonly elapsedMs: number;
}

/**
 * Waits for many sessions at once. Each keeps a vigil of its own, so that a change of one makes that one be read
 * again and no other; when enough are over the rest take a last look and leave.
 */
export async function waitForMany(sources: readonly WaitSource[], options: ManyOptions): Promise<ManyWaited> {
  const start = performance.now();
  const roll = new Roll(sources.length, options.need);
  // Another look at each of hundreds would take longer than somebody who interrupts them waits.
  const { abort: abortAtOnce, ...rest } = options;
  const ends = { abort: roll.met, ...(abortAtOnce === undefined ? {} : { abortAtOnce }) };
  const vigils = sources.map(async (source, index) => {
    let looks = 0;
    const onLook = (): void => {
      looks += 1;
      options.onLook?.();
    };
    const waited = await wait(source, { ...rest, ...ends, onLook });
    if (isOver(waited.end)) roll.enter(index, looks === 1);
    options.onEnd?.(index, waited);
    return waited;
  });
  // A bug in one vigil must not leave the others behind.
  for (const vigil of vigils) vigil.catch(() => roll.close());
  await Promise.allSettled(vigils);
  const all = await Promise.all(vigils);
  const counting = roll.counting();
  return {
    members: all.map((waited, index) => ({ waited: asAtCap(waited), counts: counting[index] === true })),
    outcome: outcomeOf(all, roll.isMet),
    elapsedMs: performance.now() - start,
  };
}

function outcomeOf(all: readonly Waited[], isMet: boolean): ManyWaited['outcome'] {
  if (isMet) return 'met';
  return all.some(({ end }) => end.kind === 'interrupted') ? 'interrupted' : 'unmet';
}

function asAtCap(waited: Waited): Waited {
  return waited.end.kind === 'interrupted' ? { ...waited, end: openEnd(waited) } : waited;
}

function openEnd({ facts }: Waited): WaitEnd {
  // No look has shown a session yet: a wrapper's target that is still missing.
  if (facts === undefined) return { kind: 'undetermined', reason: 'starting' };
  const verdict = decide({ ...facts, capReached: true });
  return verdict.kind === 'waiting' ? { kind: 'alive' } : verdict;
}

/** Who is over, in what order, and whether that is enough. */
class Roll {
  readonly #need: number;
  readonly #arrivals: Arrival[];
  readonly #enough = new AbortController();
  #over = 0;
  #latest = 0;

  constructor(size: number, need: number) {
    this.#arrivals = Array.from({ length: size }, () => undefined);
    this.#need = need;
  }

  get met(): AbortSignal {
    return this.#enough.signal;
  }

  get isMet(): boolean {
    return this.#over >= this.#need;
  }

  /** What the last look of the rest still finds has ended together with the one that was enough. */
  enter(index: number, wasOverBefore: boolean): void {
    if (!wasOverBefore) this.#latest = Math.max(1, this.isMet ? this.#latest : this.#latest + 1);
    this.#arrivals[index] = wasOverBefore ? 0 : this.#latest;
    this.#over += 1;
    if (this.isMet) this.close();
  }

  counting(): boolean[] {
    return whoCounts(this.#arrivals, this.#need);
  }

  close(): void {
    this.#enough.abort();
  }
}
