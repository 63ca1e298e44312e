const ENDING_SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/**
 * Takes the signals of a supervisor's whole life: from before its session can be seen, when they wait here, until its
 * process is gone. None of them may end it while it writes the record.
 */
export class SignalInbox {
  readonly #waiting: NodeJS.Signals[] = [];
  #reader: ((signal: NodeJS.Signals) => void) | undefined;

  constructor() {
    for (const signal of ENDING_SIGNALS) process.on(signal, () => this.#take(signal));
    // The terminal's end is not the session's.
    process.on('SIGHUP', () => {});
  }

  /** Hands over what has come in, and all that comes. */
  read(reader: (signal: NodeJS.Signals) => void): void {
    this.#reader = reader;
    for (const signal of this.#waiting.splice(0)) reader(signal);
  }

  #take(signal: NodeJS.Signals): void {
    if (this.#reader === undefined) this.#waiting.push(signal);
    else this.#reader(signal);
  }
}
