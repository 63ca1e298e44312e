/**
 * Lines that are drawn over again and again by carriage returns, as progress bars are: of each only what stands there
 * in the end is kept, as on the terminal that they were made for.
 */
export class OverdrawnLines {
  #state = '';

  /** What stands there by now on a line that may be drawn over once more. */
  get state(): string {
    return this.#state;
  }

  /** `part`: whole lines, each ended by a line feed or a carriage return, or a piece of one that is too long. */
  take(part: string): string {
    const lines = part.split('\n');
    const last = lines.pop() ?? '';
    const whole = lines.map((line) => {
      const shown = `${lastState(line, this.#state)}\n`;
      this.#state = '';
      return shown;
    });
    const isPiece = last !== '' && !last.endsWith('\r');
    this.#state = isPiece ? '' : lastState(last, this.#state);
    return whole.join('') + (isPiece ? last : '');
  }

  /** `text`: the line that nothing will end any more. */
  rest(text: string): string {
    const shown = lastState(text, this.#state);
    this.#state = '';
    return shown;
  }
}

/** A return alone only moves the cursor: what was there stays until something is drawn over it. */
function lastState(line: string, before: string): string {
  return line.split('\r').findLast((state) => state !== '') ?? before;
}
