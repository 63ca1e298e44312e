import { defangMarkers } from '@csa/markers';
import type { LogName } from '@csa/session';
import type { Outlet } from './outlet.ts';

/** What else is drawn where the logs are printed, and must make room for them. */
export interface Surroundings {
  giveWay(): void;
  /** `isLineOpen`: what was printed last has not ended its line. */
  comeBack(isLineOpen: boolean): void;
  /** Shows a line that has not ended and may still change; `''`: there is none. */
  showBegun(name: LogName, text: string): void;
  /** Nothing more will be printed. */
  end(): void;
}

export interface PrinterWishes {
  readonly outlet: Outlet;
  readonly raw: boolean;
  /** Says from which log the text is, whenever that changes. */
  readonly titled: boolean;
  readonly surroundings?: Pick<Surroundings, 'giveWay' | 'comeBack'> | undefined;
}

const SPACE = String.raw`[\n\t]*`;
/** A text that a marker may begin with, the way any reader may find it. */
const OPENING_BEGUN = new RegExp(
  `^<${SPACE}(?:!${SPACE}(?:-${SPACE}(?:-\\s*(?:C${SPACE}(?:S${SPACE}A?)?${SPACE})?)?)?)?$`,
  'i',
);
const MAX_HELD = 1_024;

/** Prints text of several logs on one standard output. */
export class LogPrinter {
  readonly #wishes: PrinterWishes;
  #printing: LogName | undefined;
  #isLineOpen = false;
  /** What may turn out to be the beginning of a marker when more comes. */
  #held = '';

  constructor(wishes: PrinterWishes) {
    this.#wishes = wishes;
  }

  /** `false` when there is nobody to print for any more. @throws Refusal reason=output-lost */
  async print(name: LogName, text: string | Buffer): Promise<boolean> {
    if (text.length === 0) return true;
    const isChange = this.#printing !== name;
    const before = isChange ? this.#release() : '';
    const title = isChange && this.#wishes.titled ? `==> ${name} <==\n` : '';
    const lead = before + (title !== '' && this.#endsOpen(before) ? '\n' : '') + title;
    this.#printing = name;
    return this.#write(typeof text === 'string' ? lead + this.#defanged(text) : prepended(lead, text));
  }

  /** Nothing has come for a while: lets go of what was held back, so that nothing can make a marker of it. */
  idle(): Promise<boolean> {
    return this.#write(broken(this.#release()));
  }

  /** What comes next is no part of the last line, unless all is raw. */
  endLine(): Promise<boolean> {
    const held = this.#release();
    return this.#write(held + (this.#endsOpen(held) && !this.#wishes.raw ? '\n' : ''));
  }

  #defanged(text: string): string {
    const whole = this.#held === '' ? text : defangMarkers(this.#held + text);
    const at = whole.lastIndexOf('<');
    if (at === -1 || !OPENING_BEGUN.test(whole.slice(at))) return this.#hold('', whole);
    return whole.length - at > MAX_HELD
      ? this.#hold('', whole.slice(0, at) + broken(whole.slice(at)))
      : this.#hold(whole.slice(at), whole.slice(0, at));
  }

  #hold(held: string, text: string): string {
    this.#held = held;
    return text;
  }

  #release(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  #endsOpen(last: string): boolean {
    return last === '' ? this.#isLineOpen : !last.endsWith('\n');
  }

  async #write(text: string | Buffer): Promise<boolean> {
    if (text.length === 0) return true;
    const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    this.#wishes.surroundings?.giveWay();
    const isRead = await this.#wishes.outlet(bytes);
    this.#isLineOpen = bytes.at(-1) !== 0x0a;
    this.#wishes.surroundings?.comeBack(this.#isLineOpen);
    return isRead;
  }
}

function broken(opening: string): string {
  return opening.replace('<', '< ');
}

function prepended(lead: string, bytes: Buffer): Buffer {
  return lead === '' ? bytes : Buffer.concat([Buffer.from(lead, 'utf8'), bytes]);
}
