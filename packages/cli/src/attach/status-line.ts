import { LiveLine } from '../live-line.ts';
import type { Located } from '../locate.ts';
import type { Surroundings } from '../logs/log-printer.ts';
import { lookAtSession, type WaitedSession } from '../wait/wait-session.ts';
import { statusText } from './status-text.ts';

const TICK_MS = 1_000;
/** What is said of the supervisor may be so old. */
const LOOK_MS = 5_000;

/** The line below the logs of an attached session. */
export class StatusLine implements Surroundings {
  readonly #located: Located;
  readonly #line = new LiveLine();
  readonly #timers: readonly NodeJS.Timeout[];
  #looked: WaitedSession | undefined;
  #hasRoom = true;

  constructor(located: Located) {
    this.#located = located;
    this.#timers = [setInterval(() => this.#draw(), TICK_MS), setInterval(() => this.#look(), LOOK_MS)];
    this.#look();
  }

  giveWay(): void {
    this.#line.hide();
  }

  /** A line that has not ended is left alone: it may be a question. */
  comeBack(isLineOpen: boolean): void {
    this.#hasRoom = !isLineOpen;
    this.#draw();
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#hasRoom = false;
    this.#line.end();
  }

  #draw(): void {
    if (this.#looked === undefined || !this.#hasRoom) return;
    try {
      this.#line.show(statusText(this.#looked, Date.now()));
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
