import type { LogForm, Surroundings } from '@csa/calls/logs';
import type { LogName } from '@csa/session';
import { endToWidth } from '../display-width.ts';
import { type Fit, LiveLine } from '../live-line.ts';
import { terminalOf } from '../terminal.ts';

/** One where standard output and error are the same terminal; raw text may draw on the whole screen. */
export function liveEnd({ raw }: Pick<LogForm, 'raw'>): LiveEnd | undefined {
  const isLive = [process.stdout, process.stderr].every((stream) => terminalOf(stream, process.env).isLive);
  return isLive && !raw ? new LiveEnd() : undefined;
}

/**
 * The live end of logs on a terminal, drawn below what is printed for good: lines that have not ended, a question
 * perhaps, or progress, and under them one line about the session where somebody sets it.
 */
export class LiveEnd implements Surroundings {
  readonly #line = new LiveLine();
  readonly #begun = new Map<LogName, string>();
  #status: Fit | undefined;
  #hasRoom = true;

  showStatus(status: Fit): void {
    this.#status = status;
    this.#draw();
  }

  showBegun(name: LogName, text: string): void {
    if ((this.#begun.get(name) ?? '') === text) return;
    if (text === '') this.#begun.delete(name);
    else this.#begun.set(name, text);
    this.#draw();
  }

  giveWay(): void {
    this.#line.hide();
  }

  comeBack(isLineOpen: boolean): void {
    this.#hasRoom = !isLineOpen;
    this.#draw();
  }

  /** What had begun stays: it was the last that could be seen. */
  end(): void {
    this.#hasRoom = false;
    this.#line.end([...this.#begun.values()]);
    this.#begun.clear();
  }

  #draw(): void {
    if (!this.#hasRoom) return;
    const begun = [...this.#begun.values()].map((text) => (columns: number) => endToWidth(text, columns));
    if (begun.length === 0 && this.#status === undefined) this.#line.hide();
    else this.#line.show(this.#status, begun);
  }
}
