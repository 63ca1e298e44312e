import { dirname } from 'node:path';
import { errnoOf, Journal, type LookupScope, sessionsDirectory } from '@csa/session';
import type { Known } from './new-events.ts';
import { parseEvent, type SessionEvent } from './session-event.ts';

/** `line`: that the order of events cannot be kept; `code`: of the system error that is why. */
export type EventWarning = (line: string, code: string) => void;

/** All entries are kept in the files, and all readers see them in one order: that of the journal beside the sessions. */
export class EventLog implements Known {
  readonly #journal: Journal<SessionEvent>;
  readonly #directory: string;
  readonly #warn: EventWarning;
  readonly #told = new Set<string>();
  #hasWarned = false;

  /** `warn` is called at most once: with one line, when the order cannot be kept. */
  constructor({ project, roots }: LookupScope, warn: EventWarning) {
    this.#directory = dirname(sessionsDirectory(roots.primary, project));
    this.#journal = new Journal({ directory: this.#directory, name: 'events', parse: parseEvent });
    this.#warn = warn;
  }

  /** Whether anybody has ever asked for these events; what cannot be told is a yes. */
  get isKept(): boolean {
    let isKept = true;
    this.#try(() => {
      isKept = this.#journal.exists();
    });
    return isKept;
  }

  has(id: string): boolean {
    return this.#told.has(id) || this.#journal.has(id);
  }

  /** What others have told since the last call. */
  read(): SessionEvent[] {
    this.#try(() => this.#journal.read());
    return this.#tell(this.#journal.take());
  }

  /** Adds what nobody has told yet; gives all that is new, in the order in which everybody sees it. */
  add(events: readonly SessionEvent[], isKept: (id: string) => boolean): SessionEvent[] {
    const isWritten = events.length === 0 || this.#try(() => this.#journal.add(events, isKept));
    const written = this.#tell(this.#journal.take());
    return isWritten ? written : [...written, ...this.#tell(events)];
  }

  #tell(events: readonly SessionEvent[]): SessionEvent[] {
    const fresh = events.filter(({ id }) => !this.#told.has(id));
    for (const { id } of fresh) this.#told.add(id);
    return fresh;
  }

  #try(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      const code = errnoOf(error);
      if (code === undefined) throw error;
      if (!this.#hasWarned) this.#warn(memoryOnly(code, this.#directory), code);
      this.#hasWarned = true;
      return false;
    }
  }
}

function memoryOnly(code: string, directory: string): string {
  return `the order of events cannot be kept (${code} in ${directory}): they are told from the records alone, in the order of their times`;
}
