import { LogFile, type LogName } from './log-file.ts';
import type { Session } from './session.ts';

/** What has happened to a log since it was last asked. */
export type LogNews =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  /** It was truncated, or another file has its name now; what follows is read from the beginning. */
  | { readonly kind: 'restarted' }
  | { readonly kind: 'nothing' };

const NOTHING: LogNews = { kind: 'nothing' };
const RESTARTED: LogNews = { kind: 'restarted' };

/**
 * Reads a log as it grows, across rotation: a file that has lost its name is read to its end before its successor, one
 * that was cut short is read anew. Cut short and grown beyond the old place between two looks cannot be told from
 * grown. All of it throws system errors.
 */
export class LogFollower {
  readonly #session: Session;
  readonly #name: LogName;
  #log: LogFile | undefined;
  #position: number;

  /** Takes over an open log and closes it; without one the log is waited for and read from its beginning. */
  constructor(session: Session, name: LogName, { log, position }: { log: LogFile | undefined; position: number }) {
    this.#session = session;
    this.#name = name;
    this.#log = log;
    this.#position = position;
  }

  next(): LogNews {
    this.#log ??= LogFile.open(this.#session, this.#name);
    const log = this.#log;
    if (log === undefined) return NOTHING;
    const bytes = this.#read(log);
    if (bytes !== undefined) return bytes;
    if (log.size < this.#position) {
      this.#position = 0;
      return RESTARTED;
    }
    return log.isReplaced ? this.#leave(log) : NOTHING;
  }

  /** How many bytes are known to be there and not read yet. */
  unread(): number {
    const log = this.#log;
    if (log === undefined) return this.#sizeUnderName();
    const size = log.size;
    const rest = size < this.#position ? size : size - this.#position;
    return rest + (log.isReplaced ? this.#sizeUnderName() : 0);
  }

  close(): void {
    this.#log?.close();
    this.#log = undefined;
  }

  /** What was written before the name was given away is there by now. */
  #leave(log: LogFile): LogNews {
    const rest = this.#read(log);
    if (rest !== undefined) return rest;
    this.close();
    this.#position = 0;
    return RESTARTED;
  }

  #read(log: LogFile): LogNews | undefined {
    const bytes = log.read(this.#position);
    this.#position += bytes.length;
    return bytes.length === 0 ? undefined : { kind: 'bytes', bytes };
  }

  #sizeUnderName(): number {
    const log = LogFile.open(this.#session, this.#name);
    try {
      return log?.size ?? 0;
    } finally {
      log?.close();
    }
  }
}
