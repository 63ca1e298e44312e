import { cutToWidth, displayWidth } from './display-width.ts';

export interface TableForm {
  /** No line takes more columns than these; what does not fit is cut. */
  readonly columns?: number;
  /** Colours the cell of a row and a column; its width stays. */
  readonly paint?: (text: string, row: number, column: number) => string;
}

const GAP = 2;

/** Lines of left-aligned columns, two spaces apart; the last column is not padded. */
export function formatTable(rows: ReadonlyArray<readonly string[]>, form: TableForm = {}): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell));
  }
  return rows.map((row, at) => formatRow(row, widths, { ...form, at }));
}

function formatRow(
  row: readonly string[],
  widths: readonly number[],
  { columns = Number.POSITIVE_INFINITY, paint, at }: TableForm & { readonly at: number },
): string {
  let line = '';
  let used = 0;
  for (const [i, cell] of row.entries()) {
    const gap = i === 0 ? 0 : GAP;
    const text = cutToWidth(cell, columns - used - gap);
    if (text !== '') line += ' '.repeat(gap) + (paint?.(text, at, i) ?? text);
    const width = text === '' ? 0 : gap + displayWidth(text);
    const place = Math.min(columns, used + gap + (widths[i] ?? 0));
    line += i === row.length - 1 ? '' : ' '.repeat(Math.max(0, place - used - width));
    used = i === row.length - 1 ? used + width : place;
  }
  return line.trimEnd();
}
