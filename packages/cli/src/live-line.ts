import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import { errnoOf } from '@csa/session';
import { cutToWidth } from './display-width.ts';
import { terminalOf } from './terminal.ts';
import { unblocked } from './unblocked.ts';

/** What a line says within so many columns; it must be clean, and what is too long is cut at its end. */
export type Fit = (columns: number) => string;

const STDERR = 2;
/** From the cursor to the end of the screen: a line that a narrower window has wrapped goes as a whole. */
const CLEAR = '\r\u001b[J';
/** The terminal may count a character's columns differently: a line that it finds too long must not wrap. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h'];

/**
 * One line of the terminal on standard error that is drawn anew again and again, perhaps with others above it. The
 * cursor stays visible and rests at the beginning of the first, so that whatever ends the program leaves a terminal
 * that works. A terminal that takes nothing more is not waited for.
 */
export class LiveLine {
  readonly #fd = unblocked(STDERR) ?? STDERR;
  readonly #redraw = (): void => this.#draw();
  #drawing: { readonly line: Fit | undefined; readonly above: readonly Fit[] } | undefined;
  /** What the terminal has not taken yet: half an escape sequence would eat what follows. */
  #unwritten = '';

  constructor() {
    process.stderr.on('resize', this.#redraw);
  }

  /** `above`: lines that stand over it as they are, without its dim colour. */
  show(line: Fit | undefined, above: readonly Fit[] = []): void {
    this.#drawing = { line, above };
    this.#draw();
  }

  /** Makes room for other output. */
  hide(): void {
    if (this.#drawing !== undefined) this.#write(CLEAR);
    this.#drawing = undefined;
  }

  /** `last`: lines that stay where it stood. */
  end(last: readonly string[] = []): void {
    this.hide();
    if (last.length > 0) this.#write(last.map((line) => `${line}\r\n`).join(''));
    process.stderr.off('resize', this.#redraw);
  }

  #draw(): void {
    if (this.#drawing === undefined) return;
    const { columns, hasColour } = terminalOf(process.stderr, process.env);
    const { line, above } = this.#drawing;
    const cut = (fit: Fit): string => cutToWidth(fit(columns - 1), columns - 1);
    const dim = (text: string): string => (hasColour ? styleText('dim', text, { validateStream: false }) : text);
    const rows = [...above.map(cut), ...(line === undefined ? [] : [dim(cut(line))])];
    const back = rows.length > 1 ? `\u001b[${rows.length - 1}A` : '';
    this.#write(`${CLEAR}${NO_WRAP}${rows.join('\r\n')}${WRAP}\r${back}`);
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
