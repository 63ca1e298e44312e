import type { KeeperClock } from './keeper-clock.ts';

/** How long it is until a moment of wall time: the shorter one of what the two clocks say, so that none makes it later. */
export class Countdown {
  readonly #clock: Pick<KeeperClock, 'wall' | 'monotonic'>;
  #seen: { readonly until: number; readonly over: number } | undefined;

  constructor(clock: Pick<KeeperClock, 'wall' | 'monotonic'>) {
    this.#clock = clock;
  }

  /** Milliseconds; negative when it is over. */
  left(until: number): number {
    const wall = until - this.#clock.wall();
    const monotonic = this.#clock.monotonic();
    if (this.#seen?.until !== until) this.#seen = { until, over: monotonic + wall };
    return Math.min(wall, this.#seen.over - monotonic);
  }
}
