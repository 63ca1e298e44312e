import type { Activity } from './activity.ts';
import { beginIdleness, type IdleRule, idleRule, judgeIdleness, needsThoroughLook } from './idle.ts';

/** Looks at a command from time to time, and tells once when it has been idle for as long as it may. */
export class IdleWatch {
  readonly #rule: IdleRule;
  readonly #activity: Activity;
  readonly #onIdle: () => void;
  // Monotonic, and standing still while the machine sleeps (clock_gettime(2), CLOCK_MONOTONIC).
  #idleness = beginIdleness(performance.now());
  #timer: NodeJS.Timeout;

  constructor(limitMs: number, activity: Activity, onIdle: () => void) {
    this.#rule = idleRule(limitMs);
    this.#activity = activity;
    this.#onIdle = onIdle;
    this.#timer = this.#lookIn(this.#rule.everyMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #lookIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const atMs = performance.now();
    const active = this.#activity.look(needsThoroughLook(this.#idleness, atMs, this.#rule));
    const judged = judgeIdleness(this.#idleness, { atMs, active }, this.#rule);
    if (judged.kind === 'idle') {
      this.#onIdle();
      return;
    }
    this.#idleness = judged.idleness;
    this.#timer = this.#lookIn(judged.inMs);
  }
}
