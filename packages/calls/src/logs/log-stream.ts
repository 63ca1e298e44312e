import { setImmediate as breathe } from 'node:timers/promises';
import { LogFile, LogFollower, type LogName, type LogNews, type Session, tailOffset } from '@csa/session';
import type { LinePattern } from './line-pattern.ts';
import type { LogPrinter, Surroundings } from './log-printer.ts';
import { CleanText, type LogText, RawText, SelectedText } from './log-text.ts';
import { Selection } from './selection.ts';
import { searchTail, type Tail } from './tail-search.ts';

/** What is wanted of each log. */
export interface LogForm {
  /** Lines at first; `undefined`: all of them. */
  readonly tail: number | undefined;
  /** Milliseconds since the epoch: nothing from before. */
  readonly since: number | undefined;
  readonly pattern: LinePattern | undefined;
  readonly raw: boolean;
}

export interface StreamWishes {
  readonly form: LogForm;
  readonly printer: LogPrinter;
  /** Where a line that has not ended is shown; else it is printed as far as it is known. */
  readonly surroundings?: Surroundings | undefined;
}

/** What is known of a log once its end has been printed. */
export interface Beginning {
  /** `old`: its last write lies before what was asked for; `unread`: there is nobody to print for any more. */
  readonly kind: 'empty' | 'old' | 'shown' | 'unread';
  /** Some of it was left out because there were enough lines. */
  readonly isCut: boolean;
  /** Lines were to be chosen by their times, and have none. */
  readonly lacksTimes: boolean;
}

/** `unread`: there is nobody to print for any more. */
export type Progress = 'news' | 'nothing' | 'unread';

/** A single line may be as long as the log: so much is shown of a few lines, and more where many are asked for. */
const MIN_TAIL_BYTES = 1024 * 1024;
const BYTES_PER_LINE = 1024;
/** A log that grows faster than it is printed keeps nobody from hearing a signal, nor from the other logs. */
const BLOCKS_PER_TURN = 16;
const IDLE_MS = 500;

/** One log on its way to the printer: its end first, then what comes. It throws system errors and the printer's. */
export class LogStream {
  readonly name: LogName;
  readonly #session: Session;
  readonly #form: LogForm;
  readonly #printer: LogPrinter;
  readonly #surroundings: Surroundings | undefined;
  readonly #selection: Selection | undefined;
  readonly #text: LogText;
  #follower: LogFollower;
  #newsAt = performance.now();

  constructor(session: Session, name: LogName, { form, printer, surroundings }: StreamWishes) {
    this.name = name;
    this.#session = session;
    this.#form = form;
    this.#printer = printer;
    this.#surroundings = surroundings;
    this.#follower = new LogFollower(session, name, { log: undefined, position: 0 });
    const { since, pattern, raw } = form;
    if (since !== undefined || pattern !== undefined) this.#selection = new Selection({ since, pattern });
    if (this.#selection !== undefined) this.#text = new SelectedText(this.#selection, raw);
    else this.#text = raw ? new RawText() : new CleanText({ keepsLastState: surroundings !== undefined });
  }

  async begin(abort?: AbortSignal): Promise<Beginning> {
    const log = LogFile.open(this.#session, this.name);
    const end = log?.size ?? 0;
    this.#follower = new LogFollower(this.#session, this.name, { log, position: end });
    const { since } = this.#form;
    if (log === undefined || end === 0) return began('empty');
    if (since !== undefined && log.writtenAt < since) return began('old');
    const tail = await this.#findTail(log, { end, abort });
    if (!(await this.#printTail(log, tail, abort))) return began('unread');
    const isCut = tail.skip > 0 || (tail.windows[0]?.from ?? end) > 0;
    return began('shown', { isCut, lacksTimes: since !== undefined && !tail.hasTimes });
  }

  /** Prints what has come, as far as one turn allows. */
  async proceed(): Promise<Progress> {
    this.#selection?.endHistory();
    for (let turn = 0; turn < BLOCKS_PER_TURN; turn += 1) {
      const news = this.#follower.next();
      if (news.kind === 'nothing') return turn === 0 ? 'nothing' : 'news';
      this.#newsAt = performance.now();
      if (!(await this.#tell(news))) return 'unread';
    }
    return 'news';
  }

  /** Prints what is there by now, and not what background processes go on to print. */
  async drain(): Promise<Progress> {
    for (let left = this.#follower.unread(); left > 0; ) {
      const news = this.#follower.next();
      if (news.kind === 'nothing') break;
      if (news.kind === 'bytes') left -= news.bytes.length;
      if (!(await this.#tell(news))) return 'unread';
    }
    return (await this.endLine()) ? 'nothing' : 'unread';
  }

  /** Nothing has come for so long that a line may not be ended soon. */
  get isQuiet(): boolean {
    return performance.now() - this.#newsAt >= IDLE_MS;
  }

  /** Shows what has waited long enough for the end of its line. */
  async idle(): Promise<boolean> {
    if (this.#surroundings === undefined) return !this.isQuiet || this.#print(this.#text.idle());
    this.#surroundings.showBegun(this.name, this.#text.begun(this.isQuiet));
    return true;
  }

  /** What comes next is no part of the last line. */
  async endLine(): Promise<boolean> {
    this.#surroundings?.showBegun(this.name, '');
    return (await this.#print(this.#text.rest())) && this.#printer.endLine();
  }

  close(): void {
    this.#follower.close();
  }

  #tell(news: Exclude<LogNews, { kind: 'nothing' }>): Promise<boolean> {
    if (news.kind !== 'bytes') return this.endLine();
    const text = this.#text.take(news.bytes);
    this.#surroundings?.showBegun(this.name, this.#text.begun(false));
    return this.#print(text);
  }

  async #findTail(log: LogFile, { end, abort }: { end: number; abort: AbortSignal | undefined }): Promise<Tail> {
    const { tail: lines, since, pattern, raw } = this.#form;
    if (since !== undefined || (pattern !== undefined && lines !== undefined)) {
      const wanted = lines ?? Number.POSITIVE_INFINITY;
      return searchTail(log, { end, lines: wanted, criteria: { since, pattern }, raw, abort });
    }
    const wish = { end, returnsCount: !raw && this.#surroundings === undefined };
    const from = lines === undefined ? 0 : tailOffset(log, { ...wish, lines, maxBytes: tailBytes(lines) });
    return { windows: [{ from, to: end, startsRecent: true }], skip: 0, hasTimes: false };
  }

  async #printTail(log: LogFile, { windows, skip }: Tail, abort: AbortSignal | undefined): Promise<boolean> {
    this.#selection?.skip(skip);
    for (const [i, { from, to, startsRecent }] of windows.entries()) {
      // A window may end within a line that is longer than itself.
      if (i > 0 && !(await this.#print(this.#text.rest()))) return false;
      this.#selection?.startAt(startsRecent);
      for (const block of log.blocks(from, to)) {
        if (abort?.aborted || !(await this.#print(this.#text.take(block)))) return false;
        await breathe();
      }
    }
    return true;
  }

  #print(text: string | Buffer): Promise<boolean> {
    return this.#printer.print(this.name, text);
  }
}

function tailBytes(lines: number): number {
  return Math.max(MIN_TAIL_BYTES, lines * BYTES_PER_LINE);
}

function began(kind: Beginning['kind'], { isCut = false, lacksTimes = false } = {}): Beginning {
  return { kind, isCut, lacksTimes };
}
