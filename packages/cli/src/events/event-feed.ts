import { type LookupScope, listSessions, Refusal, type Session } from '@csa/session';
import { EventLog, type EventWarning } from './event-log.ts';
import { newEvents } from './new-events.ts';
import { type Look, observeSessions } from './observe-sessions.ts';
import type { SessionEvent } from './session-event.ts';

export interface FeedOptions {
  /** How long a silence lasts before it is told, in milliseconds. */
  readonly idleMs: number;
  readonly warn: EventWarning;
  readonly abort?: AbortSignal;
}

/** The events of a project, derived from its records whenever somebody looks. */
export class EventFeed {
  readonly #scope: LookupScope;
  readonly #options: FeedOptions;
  readonly #log: EventLog;
  #looks: readonly Look[] = [];
  /** What others have told, until a look has come to its end. */
  #heard: SessionEvent[] = [];

  constructor(scope: LookupScope, options: FeedOptions) {
    this.#scope = scope;
    this.#options = options;
    this.#log = new EventLog(scope, options.warn);
  }

  /** Whether anybody has ever asked for these events; what cannot be told is a yes. */
  get isKept(): boolean {
    return this.#log.isKept;
  }

  /**
   * What is new since the last look, in the order in which everybody sees it.
   * @throws Refusal reason=state-root-unreadable | io-error; nothing is lost for the next look
   */
  async look(): Promise<SessionEvent[]> {
    const { idleMs, abort } = this.#options;
    this.#heard.push(...this.#log.read());
    this.#looks = await observeSessions(this.#scope, this.#log, abort);
    // Of a part of the sessions no order could be given.
    if (abort?.aborted !== true) {
      const observed = this.#looks.map((look) => look.observed);
      this.#heard.push(...this.#log.add(newEvents(this.#log, observed, idleMs), this.#isThere()));
    }
    return this.#heard.splice(0);
  }

  /** Those that may still have something to tell, as of the last look. */
  living(): Session[] {
    const open = this.#looks.filter(({ observed: { view } }) => view.state === 'alive' || view.state === 'unknown');
    return open.map(({ session }) => session);
  }

  /** Milliseconds until a session has been silent for long enough; time alone brings that. */
  nextSilenceMs(): number {
    const due = this.#looks.flatMap(({ observed: { lastOutput } }) =>
      lastOutput === undefined ? [] : [lastOutput + this.#options.idleMs - Date.now()],
    );
    return Math.min(...due.filter((ms) => ms > 0));
  }

  /** Whether an event is of a session that is still there; listed only when somebody asks. */
  #isThere(): (id: string) => boolean {
    let ids: Set<string> | undefined;
    return (id) => {
      ids ??= this.#idsThere();
      return ids === undefined || ids.has(id.slice(0, id.indexOf('.')));
    };
  }

  /** `undefined`: they cannot be listed for now. */
  #idsThere(): Set<string> | undefined {
    try {
      return new Set(listSessions(this.#scope).ids);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return undefined;
    }
  }
}
