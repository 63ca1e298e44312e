import { cleanText, defangMarkers } from '@csa/markers';
import { LineCutter } from './line-cutter.ts';
import type { Selection } from './selection.ts';

/** How the bytes of one log become what is printed; they come in pieces. */
export interface LogText {
  take(bytes: Buffer): string | Buffer;
  /** What has waited long enough for the end of its line: a question, perhaps. */
  idle(): string | Buffer;
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

  rest(): string {
    return '';
  }
}

/** Without control sequences and markers. */
export class CleanText implements LogText {
  readonly #cutter = new LineCutter(false);

  take(bytes: Buffer): string {
    const parts = this.#cutter.take(bytes).map(cleanText);
    // A piece of a long line may have ended within what is a marker now.
    return parts.length > 1 ? defangMarkers(parts.join('')) : parts.join('');
  }

  idle(): string {
    return cleanText(this.#cutter.release());
  }

  rest(): string {
    return cleanText(this.#cutter.rest());
  }
}

/** Only the lines that are wanted; a line too long to be held counts as several. */
export class SelectedText implements LogText {
  readonly #cutter: LineCutter;
  readonly #selection: Selection;
  readonly #isRaw: boolean;
  /** A line was shown before its end, which is shown whatever it is. */
  #isLineShown = false;

  constructor(selection: Selection, raw: boolean) {
    this.#cutter = new LineCutter(raw);
    this.#selection = selection;
    this.#isRaw = raw;
  }

  take(bytes: Buffer): string | Buffer {
    return this.#printable(
      this.#cutter
        .take(bytes)
        .map((part) => this.#selected(part))
        .join(''),
    );
  }

  idle(): string | Buffer {
    const begun = this.#shown(this.#cutter.begun);
    if (begun === '' || !(this.#isLineShown || this.#selection.wantsBegun(this.#readable(begun)))) return '';
    this.#isLineShown = true;
    return this.#printable(this.#shown(this.#cutter.release()));
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
