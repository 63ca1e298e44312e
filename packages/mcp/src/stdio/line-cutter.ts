/** A line without its end, or that there was one too long to be kept. */
export type Line =
  | { readonly kind: 'line'; readonly bytes: Buffer }
  | { readonly kind: 'too-long'; readonly maxBytes: number };

const NEWLINE = 0x0a;

/** Cuts what comes in pieces into lines, and never holds more than one line of the length allowed. */
export class LineCutter {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** The rest of a line that was too long is passed over. */
  #isSkipping = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  take(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      lines.push(...this.#hold(chunk.subarray(from, at)), ...this.rest());
      this.#isSkipping = false;
      from = at + 1;
    }
    return [...lines, ...this.#hold(chunk.subarray(from))];
  }

  /** What came last, though its end never did; nothing where there is none. */
  rest(): Line[] {
    const bytes = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    return bytes === undefined || bytes.length === 0 ? [] : [{ kind: 'line', bytes }];
  }

  #hold(piece: Buffer): Line[] {
    if (this.#isSkipping || piece.length === 0) return [];
    this.#bytes += piece.length;
    this.#pieces.push(piece);
    if (this.#bytes <= this.#maxBytes) return [];
    this.#pieces = [];
    this.#bytes = 0;
    this.#isSkipping = true;
    return [{ kind: 'too-long', maxBytes: this.#maxBytes }];
  }
}
