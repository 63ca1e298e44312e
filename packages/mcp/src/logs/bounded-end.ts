/** Keeps the end of a text that comes in pieces, and no more of it than fits. */
export class BoundedEnd {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #kept = 0;
  #all = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#kept += piece.length;
    this.#all += piece.length;
    // Joined now and then, so that neither many pieces nor long ones cost much.
    if (this.#kept > 4 * this.#maxBytes) this.#trim();
  }

  /** The end, from the beginning of a line where there is one in it; and how many bytes stood before. */
  end(): { readonly text: string; readonly leftOut: number } {
    this.#trim();
    const [bytes = Buffer.alloc(0)] = this.#pieces;
    const isCut = this.#all > bytes.length;
    const newline = isCut ? bytes.indexOf(0x0a) : -1;
    const from = newline === -1 || newline === bytes.length - 1 ? firstCharacter(bytes) : newline + 1;
    const shown = isCut ? bytes.subarray(from) : bytes;
    return { text: shown.toString('utf8'), leftOut: this.#all - shown.length };
  }

  #trim(): void {
    const whole = Buffer.concat(this.#pieces);
    const end = Buffer.from(whole.subarray(Math.max(0, whole.length - this.#maxBytes)));
    this.#pieces = [end];
    this.#kept = end.length;
  }
}

/** Bytes that continue a character begin with 10. */
function firstCharacter(bytes: Buffer): number {
  const at = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return at === -1 ? bytes.length : at;
}
