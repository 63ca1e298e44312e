import { writeSync } from 'node:fs';
import { lastCleanLine } from '@csa/markers';
import { lastOutputTime, logEnd, type Session } from '@csa/session';
import { describeDuration } from '../duration.ts';
import { LiveLine } from '../live-line.ts';

export interface CompanionWishes {
  /** Milliseconds between short lines for a shell that ends silent commands; `undefined`: none. */
  readonly heartbeatMs?: number | undefined;
  /** The shell stops listening soon, long before the verdict. */
  readonly yieldsEarly: boolean;
  readonly terminal: boolean;
}

const LIVE_LINE_MS = 1_000;
const LOG_END_BYTES = 4_096;
const YIELD_ADVICE =
  'This wait goes on after your shell call returns: poll this same process with the longest empty read (300,000 ms) instead of starting another wait.';

/** What standard error shows while a wait goes on; never touches stdout and never fails the wait. */
export class Companion {
  readonly #session: () => Session;
  readonly #start = Date.now();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #line: LiveLine | undefined;

  constructor(session: () => Session, wishes: CompanionWishes) {
    this.#session = session;
    this.#line = wishes.terminal ? new LiveLine() : undefined;
    if (wishes.yieldsEarly) say(`${YIELD_ADVICE}\n`);
    if (wishes.terminal) this.#every(LIVE_LINE_MS, () => this.#line?.show(this.#lineText()));
    else if (wishes.heartbeatMs !== undefined) this.#every(wishes.heartbeatMs, () => say(`${this.#heartbeat()}\n`));
  }

  end(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#line?.end();
  }

  #every(ms: number, act: () => void): void {
    const quietly = (): void => {
      try {
        act();
      } catch {
        // A log that cannot be read (EIO, ESTALE) is no reason to end the wait.
      }
    };
    this.#timers.push(setInterval(quietly, ms).unref());
  }

  #heartbeat(): string {
    return `waiting ${describeDuration(Date.now() - this.#start)}${this.#idle()}`;
  }

  #lineText(): string {
    const session = this.#session();
    const last = lastCleanLine(logEnd(session, 'stdout.log', LOG_END_BYTES));
    return `${session.id} ${this.#heartbeat()}${last === '' ? '' : `  ${last}`}`;
  }

  #idle(): string {
    const at = lastOutputTime(this.#session());
    return at === undefined ? '' : `, last output ${describeDuration(Date.now() - at)} ago`;
  }
}

function say(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Standard error is full or gone; the verdict goes to stdout.
  }
}
