import { performance } from 'node:perf_hooks';
import { Bell } from './bell.ts';
import { CONFIRM_AFTER_MS, type Suspicion, settleDaemon } from './confirm.ts';
import { decide } from './decide.ts';
import type { DaemonFact, Facts } from './facts.ts';
import type { AliasTrouble, Observation, WaitSource } from './source.ts';
import type { Settled } from './verdict.ts';

export interface WaitOptions {
  /** Milliseconds of monotonic time; 0 is one look; `undefined` waits until it is done. */
  readonly capMs?: number | undefined;
  readonly trustResult?: boolean;
  /** Aborted when the waiter itself is to end; the session is never touched. */
  readonly abort?: AbortSignal;
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
/** Liveness that stays unknown for this long ends even a wait without a cap. */
const UNKNOWN_CAP_MS = 240_000;

/** Waits until the session's state means something for its waiter. Never writes, and leaves nothing behind. */
export async function wait(source: WaitSource, options: WaitOptions = {}): Promise<Waited> {
  const bell = new Bell();
  const ring = (): void => bell.ring();
  const watch = source.watch(ring);
  options.abort?.addEventListener('abort', ring);
  try {
    const vigil = new Vigil(options);
    for (;;) {
      bell.clear();
      const end = vigil.judge(await source.observe());
      if (end !== undefined) return { end, ...vigil.summary(), eventsComplete: watch.complete };
      await bell.sleep(vigil.sleepMs(watch.complete ? SAFETY_LOOK_MS : BLIND_LOOK_MS));
    }
  } finally {
    options.abort?.removeEventListener('abort', ring);
    watch.close();
  }
}

/** What one wait remembers between its looks: since when something was as it is. */
class Vigil {
  readonly #options: WaitOptions;
  readonly #start = performance.now();
  #suspicion: Suspicion | undefined;
  #troubleSince: number | undefined;
  #unknownSince: number | undefined;
  #readingFailed = false;
  #facts: Facts | undefined;

  constructor(options: WaitOptions) {
    this.#options = options;
  }

  summary(): { elapsedMs: number; facts?: Facts } {
    const elapsedMs = performance.now() - this.#start;
    return this.#facts === undefined ? { elapsedMs } : { elapsedMs, facts: this.#facts };
  }

  judge(observation: Observation): WaitEnd | undefined {
    this.#options.onLook?.();
    if (observation.kind === 'lost') return observation;
    if (observation.kind === 'alias-trouble') return this.#judgeTrouble(observation);
    this.#troubleSince = undefined;
    const now = performance.now();
    const { daemon, suspicion } = settleDaemon(observation.daemon, this.#suspicion, now);
    this.#suspicion = suspicion;
    this.#unknownSince = daemon.state === 'unknown' ? (this.#unknownSince ?? now) : undefined;
    const { completion, result, publishedOnce } = observation;
    this.#readingFailed = completion.kind === 'error' || result.kind === 'error';
    const trustResult = this.#options.trustResult ?? false;
    const capReached = this.#capReached(now);
    this.#facts = { daemon, completion, result, publishedOnce, trustResult, capReached };
    const verdict = decide(this.#facts);
    if (verdict.kind !== 'waiting') return verdict;
    return this.#interrupted(daemon.state);
  }

  /** A target being written looks invalid for a moment, and one that is about to appear is missing. */
  #judgeTrouble(observation: Extract<Observation, { kind: 'alias-trouble' }>): WaitEnd | undefined {
    const now = performance.now();
    this.#troubleSince ??= now;
    if (now - this.#troubleSince >= CONFIRM_AFTER_MS) return observation;
    return this.#interrupted('unknown');
  }

  #interrupted(daemon: DaemonFact['state']): WaitEnd | undefined {
    return this.#options.abort?.aborted ? { kind: 'interrupted', daemon } : undefined;
  }

  /** The second look at a suspected death is always taken, also past the cap. */
  #capReached(now: number): boolean {
    if (this.#suspicion !== undefined && now - this.#suspicion.since < CONFIRM_AFTER_MS) return false;
    return now >= this.#capTime();
  }

  #capTime(): number {
    const { capMs } = this.#options;
    if (capMs !== undefined) return this.#start + capMs;
    return this.#unknownSince === undefined ? Number.POSITIVE_INFINITY : this.#unknownSince + UNKNOWN_CAP_MS;
  }

  /** Until the next thing that time alone brings: a second look, the cap, the safety look. */
  sleepMs(safetyMs: number): number {
    const now = performance.now();
    const second = (this.#suspicion?.since ?? this.#troubleSince ?? Number.NEGATIVE_INFINITY) + CONFIRM_AFTER_MS;
    // The cap waits for a second look that is still owed.
    const next = second > now ? second : this.#capTime();
    return Math.max(0, Math.ceil(Math.min(this.#readingFailed ? BLIND_LOOK_MS : safetyMs, next - now)));
  }
}
