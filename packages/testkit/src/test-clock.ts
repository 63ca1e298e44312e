/** A clock that stands still unless it is told otherwise: an hour takes no time. Milliseconds. */
export class TestClock {
  #now: number;

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
