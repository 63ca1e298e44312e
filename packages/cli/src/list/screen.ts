import { displayWidth } from '../display-width.ts';

const COLOUR = /\u001b\[[\d;]*m/g;

/**
 * Lines that are drawn anew in place, without the alternate screen: what was there before stays above them, and the
 * last drawing stays when the program ends.
 */
export class Screen {
  #drawn: readonly string[] = [];

  /** What to write so that these lines replace those drawn before. Each must fit into the columns. */
  replace(lines: readonly string[], columns: number): string {
    // A terminal that has become narrower has broken the lines that no longer fit.
    const up = this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    this.#drawn = lines;
    return `${up === 0 ? '' : `\u001b[${up}A`}\r\u001b[J${lines.map((line) => `${line}\r\n`).join('')}`;
  }
}

/** How many of `count` lines a terminal of so many rows shows below a header and above the cursor. */
export function visibleOf(count: number, rows: number): number {
  const room = Math.max(1, rows - 2);
  // The last row says how many are missing.
  return count <= room ? count : Math.max(1, room - 1);
}

function widthOf(line: string): number {
  return displayWidth(line.replace(COLOUR, ''));
}
