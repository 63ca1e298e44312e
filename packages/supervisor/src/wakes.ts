/** A moment at which something may be new of a session's project. */
export interface Wake {
  /** The session's command runs, or the session is over (`reactive`); or time has passed in between (`periodic`). */
  readonly trigger: 'reactive' | 'periodic';
  /** The session's directory. */
  readonly directory: string;
  /** The project's real path. */
  readonly project: string;
}

export interface WakeWish {
  /** Never waited for; what it throws, or rejects with, is nothing. It is called where the supervisor's work is done. */
  readonly onWake?: ((wake: Wake) => unknown) | undefined;
  /** Milliseconds between two periodic ones; none unless given. */
  readonly wakeEveryMs?: number | undefined;
}

/**
 * Whoever starts a session or waits for a short one is not to share the processor with what a wake sets off; and what
 * has ended by then needs one wake, not two.
 */
const BEGIN_MS = 200;
/** A longer timer of Node's fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Tells of one session's moments. Keeps no process alive, and nothing that listens can break the one that tells. */
export class Wakes {
  readonly #wish: WakeWish;
  readonly #session: Omit<Wake, 'trigger'>;
  #beginning: NodeJS.Timeout | undefined;
  #ticks: NodeJS.Timeout | undefined;

  constructor(wish: WakeWish, session: Omit<Wake, 'trigger'>) {
    this.#wish = wish;
    this.#session = session;
  }

  /** The command runs. */
  begin(): void {
    const { onWake, wakeEveryMs } = this.#wish;
    if (onWake === undefined) return;
    this.#beginning = setTimeout(() => this.#wake('reactive'), BEGIN_MS).unref();
    if (wakeEveryMs === undefined) return;
    const everyMs = Math.min(wakeEveryMs, LONGEST_TIMER_MS);
    this.#ticks = setInterval(() => this.#wake('periodic'), everyMs).unref();
  }

  /** The session is over, and its record stands. */
  end(): void {
    clearTimeout(this.#beginning);
    clearInterval(this.#ticks);
    this.#wake('reactive');
  }

  #wake(trigger: Wake['trigger']): void {
    const { onWake } = this.#wish;
    if (onWake === undefined) return;
    // A promise that nobody looks after would be a crash of the supervisor.
    new Promise((resolve) => resolve(onWake({ trigger, ...this.#session }))).catch(() => {});
  }
}
