import type { Json } from './json-value.ts';

/** How a document is written: what is added is written in the same way. */
export interface JsonStyle {
  readonly unit: string;
  readonly eol: string;
}

/** Two spaces and a line feed where the document does not say. */
export function styleOf(text: string): JsonStyle {
  const unit = /^\uFEFF?\s*\{[^\n]*\r?\n(?:[ \t]*\r?\n)*([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return { unit, eol: /\r?\n/.exec(text)?.[0] ?? '\n' };
}

/** A value over several lines; the first has no indentation of its own. */
export function renderLines(value: Json, { unit, eol }: JsonStyle, indentation: string): string {
  return JSON.stringify(value, null, unit).replaceAll('\n', `${eol}${indentation}`);
}

/** The white space with which the line of this offset begins. */
export function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^\uFEFF?([ \t]*)/.exec(text.slice(start, offset))?.[1] ?? '';
}
