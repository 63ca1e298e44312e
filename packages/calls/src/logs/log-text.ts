import { cleanText, defangMarkers } from '@csa/markers';
import { LineCutter } from './line-cutter.ts';
import { OverdrawnLines } from './overdrawn-lines.ts';
import type { Selection } from './selection.ts';

/** Characters of a line that has not ended; no terminal is wider. */
const MOST_BEGUN = 1_000;

/** How the bytes of one log become what is printed; they come in pieces. */
export interface LogText {
  take(bytes: Buffer): string | Buffer;
  /** What has waited long enough for the end of its line: a question, perhaps. */
  idle(): string | Buffer;
  /**
   * The same without letting go of it, for a place where it can be drawn over; one line. `isQuiet`: nothing has come
   * for so long that it may be all there is.
   */
  begun(isQuiet: boolean): string;
  /** All that was held back: nothing more will come. */
  rest(): string | Buffer;
}

export class RawText implements LogText {
  take(bytes: Buffer): Buffer {
    return bytes;
  }

  idle(): string {
    return '';
  }

  begun(): string {
    return '';
  }

  rest(): string {
    return '';
  }
}

/** Without control sequences and markers. */
export class CleanText implements LogText {
  readonly #cutter = new LineCutter(false);
  readonly #overdrawn: OverdrawnLines | undefined;
  #isBegunShown = false;

  /** `keepsLastState`: of a line that is drawn over by carriage returns only what stands there in the end. */
  constructor({ keepsLastState = false }: { readonly keepsLastState?: boolean } = {}) {
    this.#overdrawn = keepsLastState ? new OverdrawnLines() : undefined;
  }

  take(bytes: Buffer): string {
    const cut = this.#cutter.take(bytes);
    if (cut.length > 0) this.#isBegunShown = false;
    const parts = cut.map((part) => cleanText(this.#overdrawn?.take(part) ?? part));
    // A piece of a long line may have ended within what is a marker now.
    return parts.length > 1 ? defangMarkers(parts.join('')) : parts.join('');
  }

  idle(): string {
    return cleanText(this.#cutter.release());
  }

  begun(isQuiet: boolean): string {
    this.#isBegunShown ||= isQuiet;
    return oneLine((this.#isBegunShown && this.#cutter.begun) || (this.#overdrawn?.state ?? ''));
  }

  rest(): string {
    const rest = this.#cutter.rest();
    return cleanText(this.#overdrawn?.rest(rest) ?? rest);
  }
}

/** Only the lines that are wanted; a line too long to be held counts as several. */
export class SelectedText implements LogText {
  readonly #cutter: LineCutter;
  readonly #selection: Selection;
  readonly #isRaw: boolean;
  /** A line was shown before its end, which is shown whatever it is. */
  #isLineShown = false;
  #isBegunShown = false;

  constructor(selection: Selection, raw: boolean) {
    this.#cutter = new LineCutter(raw);
    this.#selection = selection;
    this.#isRaw = raw;
  }

  take(bytes: Buffer): string | Buffer {
    const parts = this.#cutter.take(bytes);
    if (parts.length > 0) this.#isBegunShown = false;
    return this.#printable(parts.map((part) => this.#selected(part)).join(''));
  }

  idle(): string | Buffer {
    const begun = this.#shown(this.#cutter.begun);
    if (begun === '' || !(this.#isLineShown || this.#selection.wantsBegun(this.#readable(begun)))) return '';
    this.#isLineShown = true;
    return this.#printable(this.#shown(this.#cutter.release()));
  }

  begun(isQuiet: boolean): string {
    this.#isBegunShown ||= isQuiet;
    const begun = this.#isBegunShown ? oneLine(this.#cutter.begun) : '';
    return this.#selection.wantsBegun(begun) ? begun : '';
  }

  rest(): string | Buffer {
    const rest = this.#cutter.rest();
    const printable = this.#printable(rest === '' ? '' : this.#selected(rest));
    this.#isLineShown = false;
    return printable;
  }

  #selected(part: string): string {
    const text = this.#shown(part);
    const continued = this.#isLineShown ? text.slice(0, text.indexOf('\n') + 1 || text.length) : '';
    if (continued.endsWith('\n')) this.#isLineShown = false;
    const lines = linesOf(text.slice(continued.length));
    const isWanted = this.#selection.select(lines.map((line) => this.#readable(line)));
    return continued + lines.map((line, i) => (isWanted[i] ? `${line}\n` : '')).join('');
  }

  #shown(text: string): string {
    return this.#isRaw ? text : cleanText(text);
  }

  /** What a line says to a pattern. */
  #readable(line: string): string {
    return this.#isRaw ? Buffer.from(line, 'latin1').toString('utf8') : line;
  }

  /** Lines that did not stand together may make a marker when they do. */
  #printable(text: string): string | Buffer {
    return this.#isRaw ? Buffer.from(text, 'latin1') : defangMarkers(text);
  }
}

/** What is drawn of a line that has not ended: its end, blanks as they are, for they may be a part of a picture. */
function oneLine(text: string): string {
  return cleanText(text)
    .replace(/[\n\t]/g, ' ')
    .slice(-MOST_BEGUN)
    .toWellFormed();
}

/** The lines of a text as a selection sees them, for counting. */
export function* readLines(blocks: Iterable<Buffer>, raw: boolean): Generator<string[]> {
  const cutter = new LineCutter(raw);
  const lines = (part: string): string[] =>
    raw ? linesOf(Buffer.from(part, 'latin1').toString('utf8')) : linesOf(cleanText(part));
  for (const block of blocks) for (const part of cutter.take(block)) yield lines(part);
  const rest = cutter.rest();
  if (rest !== '') yield lines(rest);
}

/** A newline ends a line and begins none. */
function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}
