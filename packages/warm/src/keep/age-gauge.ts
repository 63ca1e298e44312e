import { AHEAD_MS } from '../policy/life.ts';
import type { KeeperClock } from './keeper-clock.ts';

/**
 * How long ago a moment of wall time was: the longer one of what the two clocks say, so that neither a suspend nor a
 * clock that was set back makes a prefix look younger than it is.
 */
export class AgeGauge {
  readonly #clock: Pick<KeeperClock, 'wall' | 'monotonic'>;
  #seen: { readonly anchor: number; readonly monotonic: number } | undefined;

  constructor(clock: Pick<KeeperClock, 'wall' | 'monotonic'>) {
    this.#clock = clock;
  }

  /** Milliseconds; infinite for a moment that lies ahead when it is first seen. */
  age(anchor: number): number {
    const wall = this.#clock.wall() - anchor;
    const monotonic = this.#clock.monotonic();
    if (this.#seen?.anchor !== anchor) {
      if (wall < -AHEAD_MS) return Number.POSITIVE_INFINITY;
      this.#seen = { anchor, monotonic: monotonic - Math.max(0, wall) };
    }
    return Math.max(0, wall, monotonic - this.#seen.monotonic);
  }

  /** Says when a moment was on the monotonic clock, for who knows it better than by what is seen of it later. */
  note(anchor: number, monotonic: number): void {
    this.#seen = { anchor, monotonic };
  }
}
