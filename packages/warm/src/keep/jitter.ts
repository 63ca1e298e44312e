/** At most a tenth of the interval, so that many who began at once do not ask at once for ever. */
const MOST_PER_MILLE = 100;
const SHORTEST_MS = 1_000;

/** Makes an interval shorter by chance, never longer; by the same part for as long as the anchor is the same. */
export class Jitter {
  readonly #random: () => number;
  #anchor: number | undefined;
  #perMille = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  shorten(intervalMs: number, anchor: number): number {
    if (this.#anchor !== anchor) {
      this.#anchor = anchor;
      this.#perMille = Math.floor(this.#random() * MOST_PER_MILLE);
    }
    const shorter = intervalMs - Math.floor((intervalMs * this.#perMille) / 1000);
    return Math.max(Math.min(SHORTEST_MS, intervalMs), shorter);
  }
}
