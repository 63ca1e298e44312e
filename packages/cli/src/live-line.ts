import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import { errnoOf } from '@csa/session';
import { cutToWidth } from './display-width.ts';
import { terminalOf } from './terminal.ts';
import { unblocked } from './unblocked.ts';

const STDERR = 2;
/** From the cursor to the end of the screen: a line that a narrower window has wrapped goes as a whole. */
const CLEAR = '\r\u001b[J';
/** The terminal may count a character's columns differently: a line that it finds too long must not wrap. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];

/**
 * One line of the terminal on standard error that is drawn anew again and again. The cursor stays visible and rests at
 * its beginning, so that whatever ends the program leaves a terminal that works. A terminal that takes nothing more is
 * not waited for.
 */
export class LiveLine {
  readonly #fd = unblocked(STDERR) ?? STDERR;
  readonly #redraw = (): void => this.#draw();
  #text: string | undefined;
  /** What the terminal has not taken yet: half an escape sequence would eat what follows. */
  #unwritten = '';

  constructor() {
    process.stderr.on('resize', this.#redraw);
  }

  /** The text must be clean; it is cut to the width that the terminal has by then. */
  show(text: string): void {
    this.#text = text;
    this.#draw();
  }

  /** Makes room for other output. */
  hide(): void {
    if (this.#text !== undefined) this.#write(CLEAR);
    this.#text = undefined;
  }

  end(): void {
    this.hide();
    process.stderr.off('resize', this.#redraw);
  }

  #draw(): void {
    if (this.#text === undefined) return;
    const { columns, hasColour } = terminalOf(process.stderr, process.env);
    const line = cutToWidth(this.#text, columns - 1);
    const styled = hasColour ? styleText('dim', line, { validateStream: false }) : line;
    this.#write(`${CLEAR}${NO_WRAP}${styled}${WRAP}\r`);
  }

  #write(text: string): void {
    const bytes = Buffer.from(this.#unwritten + text, 'utf8');
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(this.#fd, bytes, done);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      // Full, stopped or gone: what was begun is ended first when it goes on, the rest is out of date by then.
    }
    this.#unwritten = done === 0 || done === bytes.length ? '' : bytes.toString('utf8', done);
  }
}
