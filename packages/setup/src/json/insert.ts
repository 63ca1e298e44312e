import type { Node } from 'jsonc-parser';
import { indentationAt, type JsonStyle, renderLines, styleOf } from './json-style.ts';
import type { Json } from './json-value.ts';
import { endOfQuietLine, skipTrivia } from './trivia.ts';

/** A member of an object has a key, an element of an array has none. */
export interface Addition {
  readonly key?: string;
  readonly value: Json;
}

/** Adds a last member. All that was there stays as it is, byte for byte; only commas and our own text come in between. */
export function insertLast(text: string, holder: Node, addition: Addition): string {
  const last = holder.children?.at(-1);
  if (last === undefined) return insertOnly(text, holder, addition);
  const inside = text.slice(holder.offset, holder.offset + holder.length);
  const end = last.offset + last.length;
  const lineEnd = endOfQuietLine(text, (commaAfter(text, end) ?? end - 1) + 1);
  if (lineEnd === undefined || !inside.includes('\n')) return insertInLine(text, end, { inside, addition });
  return insertLine(text, last, { lineEnd, addition });
}

/** A text in which nothing is said yet. */
export function insertFirst(text: string, addition: Addition): string {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const { eol } = styleOf(text);
  return `${mark}${renderLines({ [addition.key ?? '']: addition.value }, styleOf(text), '')}${eol}`;
}

/** Puts another value in the place of one. */
export function replaceValue(text: string, node: Node, value: Json): string {
  const isInLine = !text.slice(node.parent?.parent?.offset ?? 0, node.offset + node.length).includes('\n');
  const rendered = isInLine
    ? JSON.stringify(value)
    : renderLines(value, styleOf(text), indentationAt(text, node.offset));
  return text.slice(0, node.offset) + rendered + text.slice(node.offset + node.length);
}

function insertOnly(text: string, holder: Node, addition: Addition): string {
  const style = styleOf(text);
  const base = indentationAt(text, holder.offset);
  const close = holder.offset + holder.length - 1;
  const at = text.slice(0, close).trimEnd().length;
  const isOpen = text.slice(at, close).includes('\n');
  const hasComment = at > holder.offset + 1;
  if (hasComment && !isOpen) return `${text.slice(0, at)} ${compact(addition, ' ')}${text.slice(at)}`;
  const line = `${style.eol}${base}${style.unit}${member(addition, style, base + style.unit)}`;
  return text.slice(0, at) + line + (isOpen ? '' : `${style.eol}${base}`) + text.slice(at);
}

/** Behind what is said of the last member on its line. */
function insertLine(text: string, last: Node, { lineEnd, addition }: { lineEnd: number; addition: Addition }): string {
  const style = styleOf(text);
  const end = last.offset + last.length;
  const indentation = indentationAt(text, last.offset);
  const line = `${style.eol}${indentation}${member(addition, style, indentation)}`;
  const at = text.slice(0, lineEnd).trimEnd().length;
  const hasComma = commaAfter(text, end) !== undefined;
  if (hasComma) return `${text.slice(0, at)}${line},${text.slice(at)}`;
  return `${text.slice(0, end)},${text.slice(end, at)}${line}${text.slice(at)}`;
}

/** Where the bracket or another member follows on the same line. */
function insertInLine(text: string, end: number, { inside, addition }: { inside: string; addition: Addition }): string {
  const comma = commaAfter(text, end);
  const gap = /[,:] /.test(inside) ? ' ' : '';
  const words = `${gap}${compact(addition, gap)}`;
  if (comma !== undefined) return `${text.slice(0, comma + 1)}${words},${text.slice(comma + 1)}`;
  return `${text.slice(0, end)},${words}${text.slice(end)}`;
}

function member({ key, value }: Addition, style: JsonStyle, indentation: string): string {
  const rendered = renderLines(value, style, indentation);
  return key === undefined ? rendered : `${JSON.stringify(key)}: ${rendered}`;
}

function compact({ key, value }: Addition, gap: string): string {
  return key === undefined ? JSON.stringify(value) : `${JSON.stringify(key)}:${gap}${JSON.stringify(value)}`;
}

/** Where the comma behind a member stands. */
export function commaAfter(text: string, end: number): number | undefined {
  const at = skipTrivia(text, end);
  return text[at] === ',' ? at : undefined;
}
