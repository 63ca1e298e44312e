import type { Located } from '@csa/calls';
import { lookAtSession, type WaitedSession } from '@csa/calls/look';
import type { LiveEnd } from '../logs/live-end.ts';
import { statusText } from './status-text.ts';

const TICK_MS = 1_000;
/** What is said of the supervisor may be so old. */
const LOOK_MS = 5_000;

/** Keeps the line below the logs of an attached session up to date. */
export class StatusLine {
  readonly #located: Located;
  readonly #place: LiveEnd;
  readonly #timers: readonly NodeJS.Timeout[];
  #looked: WaitedSession | undefined;
  #hasEnded = false;

  constructor(located: Located, place: LiveEnd) {
    this.#located = located;
    this.#place = place;
    this.#timers = [setInterval(() => this.#draw(), TICK_MS), setInterval(() => this.#look(), LOOK_MS)];
    this.#look();
  }

  end(): void {
    this.#hasEnded = true;
    for (const timer of this.#timers) clearInterval(timer);
  }

  #draw(): void {
    if (this.#looked === undefined || this.#hasEnded) return;
    try {
      this.#place.showStatus(statusText(this.#looked, Date.now()));
    } catch {
      // A log that cannot be read (EIO, ESTALE) is the reader's trouble, not this line's.
    }
  }

  #look(): void {
    lookAtSession(this.#located).then(
      (looked) => {
        this.#looked = looked;
        this.#draw();
      },
      // The wait beside it goes by its own looks.
      () => {},
    );
  }
}
