import { displayWidth } from './display-width.ts';

/** The words of a text in lines of at most so many columns; a word that is longer has a line of its own. */
export function flow(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    if (last === undefined || displayWidth(joined) > columns) lines.push(word);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** Rows of a name and a text, whose text goes on below itself where it does not fit. */
export function flowRows(rows: ReadonlyArray<readonly [string, string]>, columns: number | undefined): string[][] {
  const names = Math.max(0, ...rows.map(([name]) => displayWidth(name)));
  const room = (columns ?? Number.POSITIVE_INFINITY) - names - GAP;
  return rows.flatMap(([name, text]) =>
    flow(text, Math.max(LEAST, room)).map((line, i) => [i === 0 ? name : '', line]),
  );
}

/** Between the columns of a table. */
const GAP = 2;
/** On a terminal that is narrower its own breaks are no worse. */
const LEAST = 20;
