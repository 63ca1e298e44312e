import { Bell } from './bell.ts';
import { CONFIRM_AFTER_MS, type Suspicion, settleDaemon } from './confirm.ts';
import { isCapReached, type Moments, sleepMs } from './deadline.ts';
import { decide } from './decide.ts';
import type { DaemonFact, Facts } from './facts.ts';
import type { AliasTrouble, Observation, WaitSource } from './source.ts';
import type { Settled } from './verdict.ts';

export interface WaitOptions {
  /** Milliseconds of monotonic time; 0 is one look; `undefined` waits until it is done. */
  readonly capMs?: number | undefined;
  readonly trustResult?: boolean;
  /** Aborted when the waiter itself is to end, after one more look; the session is never touched. */
  readonly abort?: AbortSignal;
  /** Aborted when there is no time for one more look: what the last one showed is the answer. */
  readonly abortAtOnce?: AbortSignal;
  /** Called at every look, at least every five seconds. */
  readonly onLook?: () => void;
}

export type WaitEnd =
  | Settled
  | { readonly kind: 'lost' }
  | { readonly kind: 'alias-trouble'; readonly reason: AliasTrouble }
  | { readonly kind: 'interrupted'; readonly daemon: DaemonFact['state'] };

export interface Waited {
  readonly end: WaitEnd;
  readonly elapsedMs: number;
  /** What the last look showed; absent when there was no session to look at. */
  readonly facts?: Facts;
  /** Whether every change was told by events; else everything was read anew each second. */
  readonly eventsComplete: boolean;
}

/** How often everything is read anew although nothing told of a change: events are hints. */
const SAFETY_LOOK_MS = 5_000;
const BLIND_LOOK_MS = 1_000;

/** Waits until the session's state means something for its waiter. Never writes, and leaves nothing behind. */
export async function wait(source: WaitSource, options: WaitOptions = {}): Promise<Waited> {
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const watch = source.watch(ring);
  const ends = [options.abort, options.abortAtOnce].filter((signal) => signal !== undefined);
  for (const signal of ends) signal.addEventListener('abort', ring);
  try {
    const vigil = new Vigil(options);
    let isTold: boolean | undefined;
    for (;;) {
      bell.clear();
      const end = vigil.judge(await source.observe());
      if (end !== undefined) return { end, ...vigil.summary(), eventsComplete: isTold ?? watch.complete };
      isTold = watch.complete;
      await bell.sleep(vigil.sleepMs(isTold ? SAFETY_LOOK_MS : BLIND_LOOK_MS));
      if (options.abortAtOnce?.aborted) return { end: vigil.endNow(), ...vigil.summary(), eventsComplete: isTold };
    }
  } finally {
    for (const signal of ends) signal.removeEventListener('abort', ring);
    watch.close();
  }
}

/** What one wait remembers between its looks: since when something was as it is. */
class Vigil {
  readonly #options: WaitOptions;
  readonly #start = performance.now();
  #lookedAt = this.#start;
  /** Which session the suspicion is about. */
  #session: string | undefined;
  #suspicion: Suspicion | undefined;
  #troubleSince: number | undefined;
  #unclearSince: number | undefined;
  #readingFailed = false;
  #facts: Facts | undefined;

  constructor(options: WaitOptions) {
    this.#options = options;
  }

  summary(): { elapsedMs: number; facts?: Facts } {
    const elapsedMs = performance.now() - this.#start;
    return this.#facts === undefined ? { elapsedMs } : { elapsedMs, facts: this.#facts };
  }

  /** The end of a wait that may not look again. */
  endNow(): WaitEnd {
    return { kind: 'interrupted', daemon: this.#facts?.daemon.state ?? 'unknown' };
  }

  judge(observation: Observation): WaitEnd | undefined {
    this.#options.onLook?.();
    this.#lookedAt = performance.now();
    switch (observation.kind) {
      case 'lost':
        return observation;
      case 'alias-trouble':
        return this.#judgeTrouble(observation);
      case 'session':
        return this.#judgeSession(observation);
    }
  }

  #judgeSession(observation: Extract<Observation, { kind: 'session' }>): WaitEnd | undefined {
    const { session, completion, result, publishedOnce } = observation;
    const now = this.#lookedAt;
    this.#troubleSince = undefined;
    // Two looks confirm the death of one daemon, not of a wrapper's and then of its target's.
    const earlier = session === this.#session ? this.#suspicion : undefined;
    const { daemon, suspicion } = settleDaemon(observation.daemon, earlier, now);
    this.#session = session;
    this.#suspicion = suspicion;
    this.#unclearSince = daemon.state === 'alive' ? undefined : (this.#unclearSince ?? now);
    this.#readingFailed = completion.kind === 'error' || result.kind === 'error';
    const trustResult = this.#options.trustResult ?? false;
    const capReached = isCapReached(this.#moments(), now);
    this.#facts = { daemon, completion, result, publishedOnce, trustResult, capReached };
    const verdict = decide(this.#facts);
    return verdict.kind === 'waiting' ? this.#interrupted(daemon.state) : verdict;
  }

  /** A target being written looks invalid for a moment, and one that is about to appear is missing. */
  #judgeTrouble(observation: Extract<Observation, { kind: 'alias-trouble' }>): WaitEnd | undefined {
    const now = this.#lookedAt;
    this.#suspicion = undefined;
    this.#troubleSince ??= now;
    return now - this.#troubleSince >= CONFIRM_AFTER_MS ? observation : this.#interrupted('unknown');
  }

  #interrupted(daemon: DaemonFact['state']): WaitEnd | undefined {
    const { abort, abortAtOnce } = this.#options;
    return abort?.aborted || abortAtOnce?.aborted ? { kind: 'interrupted', daemon } : undefined;
  }

  /** By the clock of the look: what was owed then is still owed, however late it is by now. */
  sleepMs(safetyMs: number): number {
    return sleepMs(this.#moments(), this.#lookedAt, this.#readingFailed ? BLIND_LOOK_MS : safetyMs);
  }

  #moments(): Moments {
    return {
      start: this.#start,
      capMs: this.#options.capMs,
      doubtSince: this.#suspicion?.since ?? this.#troubleSince,
      unclearSince: this.#unclearSince,
    };
  }
}
