import { writeSync } from 'node:fs';
import { describeDuration } from '@csa/calls';
import type { Awaited } from '@csa/calls/many';
import { lastCleanLine } from '@csa/markers';
import { lastOutputTime, logEnd, type Session } from '@csa/session';
import { type Fit, LiveLine } from '../live-line.ts';
import { namedLine } from '../named-line.ts';

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

/** What there is to be said of what is waited for. */
export interface Scene {
  /** Follows how long it has been waited. */
  readonly heartbeat: () => string;
  /** The same, and what else there is room for, on the one line of a terminal. */
  readonly line: (heartbeat: string) => Fit;
}

/** One session: when it last printed something, and what. */
export function sessionScene(session: () => Session): Scene {
  return {
    heartbeat: () => lastOutputOf([session()]),
    line: (heartbeat) => {
      const last = lastCleanLine(logEnd(session(), 'stdout.log', LOG_END_BYTES));
      return namedLine(session().id, last === '' ? heartbeat : `${heartbeat}  ${last}`);
    },
  };
}

/** Several sessions: how far they are, and when any that goes on last printed something. */
export function progressScene(awaited: () => readonly Awaited[]): Scene {
  return {
    heartbeat: () => {
      const all = awaited();
      const of = (kind: string): number => all.filter(({ end }) => end === kind).length;
      const dead = of('dead');
      const open = all.filter(({ end }) => end === undefined).map(({ session }) => session);
      return `, ${of('finished')} of ${all.length} finished${dead === 0 ? '' : `, ${dead} dead`}${lastOutputOf(open)}`;
    },
    line: (heartbeat) => () => heartbeat,
  };
}

function lastOutputOf(sessions: readonly Session[]): string {
  const last = Math.max(...sessions.map((session) => lastOutputTime(session) ?? Number.NEGATIVE_INFINITY));
  return last === Number.NEGATIVE_INFINITY ? '' : `, last output ${describeDuration(Date.now() - last)} ago`;
}

/** What standard error shows while a wait goes on; never touches stdout and never fails the wait. */
export class Companion {
  readonly #scene: Scene;
  readonly #start = Date.now();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #line: LiveLine | undefined;

  constructor(scene: Scene, wishes: CompanionWishes) {
    this.#scene = scene;
    this.#line = wishes.terminal ? new LiveLine() : undefined;
    if (wishes.yieldsEarly) say(`${YIELD_ADVICE}\n`);
    if (wishes.terminal) this.#every(LIVE_LINE_MS, () => this.#line?.show(scene.line(this.#heartbeat())));
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
    return `waiting ${describeDuration(Date.now() - this.#start)}${this.#scene.heartbeat()}`;
  }
}

function say(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Standard error is full or gone; the verdict goes to stdout.
  }
}
