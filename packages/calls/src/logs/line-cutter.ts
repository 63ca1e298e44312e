import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut into pieces, so that memory stays bounded whatever a command prints. */
export const MAX_LINE: number = 64 * 1024;

const STRING_BODY = String.raw`[^\u0000-\u001f\u007f-\u009f]*\u001b?`;
/**
 * What a text must not be cut after: an escape sequence that goes on (ECMA-48, 7 and 8 bit), a carriage return that may
 * have its newline next, half of a surrogate pair.
 */
const OPEN_END = new RegExp(
  [
    String.raw`(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])${STRING_BODY}`,
    String.raw`(?:\u001b\[|\u009b)[\u0030-\u003f]*[\u0020-\u002f]*`,
    String.raw`\u001b[\u0020-\u002f]*`,
    String.raw`[\r\ud800-\udbff]`,
  ]
    .map((form) => `(?:${form})$`)
    .join('|'),
);

/**
 * Cuts text that comes in pieces into whole lines, so that nothing can hide across the border of two of them. Where it
 * cuts does not depend on how the bytes came.
 */
export class LineCutter {
  readonly #decoder: StringDecoder;
  readonly #isRaw: boolean;
  #pending = '';

  /**
   * `raw` keeps bytes as they are, one character each, and ends a line with a newline only; else a lone carriage return
   * ends one, too, as the cleaning has it.
   */
  constructor(raw: boolean) {
    this.#isRaw = raw;
    this.#decoder = new StringDecoder(raw ? 'latin1' : 'utf8');
  }

  /** Each part is whole lines, or a piece without its end of a line that is too long. */
  take(bytes: Buffer): string[] {
    const text = this.#pending + this.#decoder.write(bytes);
    const parts: string[] = [];
    const ends = new LineEnds(text, this.#isRaw);
    let from = 0;
    let line = 0;
    for (;;) {
      const next = ends.after(line);
      const end = next === -1 ? text.length : next;
      while (end - line > MAX_LINE) {
        if (line > from) parts.push(text.slice(from, line));
        const piece = cutSafely(text.slice(line, line + MAX_LINE));
        parts.push(piece);
        line += piece.length;
        from = line;
      }
      if (next === -1) break;
      line = next;
    }
    if (line > from) parts.push(text.slice(from, line));
    this.#pending = text.slice(line);
    return parts;
  }

  /** What can be told by now of a line that has not ended, without letting go of it. */
  get begun(): string {
    return cutSafely(this.#pending, '');
  }

  /** Lets go of what {@link begun} shows. */
  release(): string {
    const { begun } = this;
    this.#pending = this.#pending.slice(begun.length);
    return begun;
  }

  /** All that is left when nothing more will come. */
  rest(): string {
    const rest = this.#pending + this.#decoder.end();
    this.#pending = '';
    return rest;
  }
}

/** Finds line after line without looking at anything twice. */
class LineEnds {
  readonly #text: string;
  #newline = -1;
  #return = -1;

  constructor(text: string, raw: boolean) {
    this.#text = text;
    if (raw) this.#return = Number.POSITIVE_INFINITY;
  }

  /** Where the next line begins; -1 where this one has not ended. */
  after(line: number): number {
    if (this.#newline < line) this.#newline = this.#find('\n', line);
    if (this.#return < line) this.#return = this.#find('\r', line);
    const [newline, back] = [this.#newline, this.#return];
    if (newline <= back + 1) return newline === Number.POSITIVE_INFINITY ? -1 : newline + 1;
    // At the very end it may be the half of a line end.
    return back + 1 < this.#text.length ? back + 1 : -1;
  }

  #find(end: string, from: number): number {
    const at = this.#text.indexOf(end, from);
    return at === -1 ? Number.POSITIVE_INFINITY : at;
  }
}

/** `otherwise`: what stands for a text that is nothing but an open end; unless given it is cut within. */
function cutSafely(text: string, otherwise: string = text): string {
  const at = text.search(OPEN_END);
  if (at === -1) return text;
  return at === 0 ? otherwise : text.slice(0, at);
}
