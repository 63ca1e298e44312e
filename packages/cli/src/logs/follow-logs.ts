import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';
import type { Located } from '@csa/calls';
import { type LogForm, LogPrinter, LogStream, type Progress, readable, type Surroundings } from '@csa/calls/logs';
import { type LogName, type Session, watchLogs } from '@csa/session';
import { Bell, SessionSource, type Waited, wait } from '@csa/wait';
import type { LastingOutlet } from '../output/lasting-outlet.ts';

export interface FollowWishes {
  readonly form: LogForm;
  /** Which logs of the session that decides. */
  readonly choose: (session: Session) => readonly LogName[];
  readonly outlet: LastingOutlet;
  readonly surroundings?: Surroundings | undefined;
}

/** Why the following ended. */
export type FollowEnd =
  | { readonly kind: 'over'; readonly waited: Waited; readonly session: Session }
  | { readonly kind: 'interrupted' }
  /** Whoever read what was printed has gone away. */
  | { readonly kind: 'unread' };

/** Logs are looked at this often although nothing told of a change: events are hints. */
const LOOK_MS = 500;
/** A chatty command is printed in gulps rather than a thousand times a second. */
const GULP_MS = 10;

/**
 * Prints the ends of a session's logs, then what comes, until the session is over, by the same facts as a wait. What
 * its background processes print after that is not waited for. Closes the outlet, and ends what surrounds it.
 * @throws Refusal reason=logs-unreadable | output-lost | pattern-too-slow
 */
export async function followLogs(located: Located, wishes: FollowWishes): Promise<FollowEnd> {
  const source = new SessionSource(located.session, located.scope.roots);
  try {
    await source.observe();
    const following = new Following(source, wishes);
    return await readable(source.resolved, () => following.run());
  } finally {
    wishes.surroundings?.end();
    wishes.outlet.close();
  }
}

class Following {
  readonly #source: SessionSource;
  readonly #wishes: FollowWishes;
  readonly #bell = new Bell();
  readonly #leaving = new AbortController();
  readonly #abort: AbortSignal;
  #session: Session;
  #printer: LogPrinter | undefined;
  #streams: LogStream[] = [];
  #unwatch: () => void = () => {};
  #isOver = false;

  constructor(source: SessionSource, wishes: FollowWishes) {
    this.#source = source;
    this.#wishes = wishes;
    this.#session = source.resolved;
    this.#abort = AbortSignal.any([wishes.outlet.signal, this.#leaving.signal]);
  }

  async run(): Promise<FollowEnd> {
    const ending = this.#waitForEnd();
    try {
      const isRead = await this.#print();
      if (!isRead) return { kind: this.#wishes.outlet.isInterrupted ? 'interrupted' : 'unread' };
      const waited = await ending;
      return waited.end.kind === 'interrupted'
        ? { kind: 'interrupted' }
        : { kind: 'over', waited, session: this.#source.resolved };
    } finally {
      this.#leaving.abort();
      this.#close();
      await ending.catch(() => {});
    }
  }

  async #waitForEnd(): Promise<Waited> {
    try {
      for (;;) {
        const waited = await wait(this.#source, { abort: this.#abort });
        // Unclear for long: still nothing says that it is over.
        if (waited.end.kind !== 'undetermined') return waited;
      }
    } finally {
      this.#isOver = true;
      this.#bell.ring();
    }
  }

  /** `false`: nobody is there, or is to be waited for, any more. */
  async #print(): Promise<boolean> {
    this.#open();
    for (const stream of this.#streams) if ((await stream.begin(this.#abort)).kind === 'unread') return false;
    for (;;) {
      this.#bell.clear();
      // Before reading: what was printed before the end is there to be read.
      const isOver = this.#isOver;
      if (this.#abort.aborted || !(await this.#moveOn())) return false;
      const progress = await this.#turn();
      if (progress === 'unread') return false;
      if (isOver) return this.#drain();
      if (progress === 'nothing' && !(await this.#rest())) return false;
      await breathe();
    }
  }

  #open(): void {
    const { form, choose, outlet, surroundings } = this.#wishes;
    const names = choose(this.#session);
    this.#printer ??= new LogPrinter({ outlet: outlet.print, raw: form.raw, titled: names.length > 1, surroundings });
    const printer = this.#printer;
    this.#streams = names.map((name) => new LogStream(this.#session, name, { form, printer, surroundings }));
    this.#unwatch = watchLogs(this.#session, () => this.#bell.ring());
  }

  /** A wrapper may come to stand for another session at any time: its logs are printed from their beginning. */
  async #moveOn(): Promise<boolean> {
    const { resolved } = this.#source;
    if (resolved.directory === this.#session.directory) return true;
    const isRead = await this.#drain();
    this.#close();
    this.#session = resolved;
    this.#open();
    return isRead;
  }

  async #turn(): Promise<Progress> {
    let progress: Progress = 'nothing';
    for (const stream of this.#streams) {
      const own = await stream.proceed();
      if (own === 'unread') return own;
      if (own === 'news') progress = own;
    }
    return progress;
  }

  /** Until something may have come. */
  async #rest(): Promise<boolean> {
    for (const stream of this.#streams) if (!(await stream.idle())) return false;
    const isQuiet = this.#streams.every((stream) => stream.isQuiet);
    if (isQuiet && !(await this.#printer?.idle())) return false;
    await this.#bell.sleep(LOOK_MS);
    await delay(GULP_MS);
    return true;
  }

  async #drain(): Promise<boolean> {
    for (const stream of this.#streams) if ((await stream.drain()) === 'unread') return false;
    return true;
  }

  #close(): void {
    this.#unwatch();
    for (const stream of this.#streams) stream.close();
  }
}
