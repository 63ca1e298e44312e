import { readToml, sameToml } from './toml-value.ts';

/** Where tables stand in a text: offsets, the end excluded. */
export interface BlockPlace {
  readonly start: number;
  readonly end: number;
}

/** Where tables stand, as they were written, or as an agent has written them anew: with the same values. Only if once. */
export function findBlock(text: string, block: string): BlockPlace | undefined {
  return findVerbatim(text, block) ?? findSaying(text, block);
}

function findVerbatim(text: string, block: string): BlockPlace | undefined {
  const start = text.indexOf(block);
  const isLine = start === 0 || text[start - 1] === '\n' || (start === 1 && text.startsWith('\uFEFF'));
  const isOnce = start !== -1 && text.indexOf(block, start + 1) === -1;
  return isOnce && isLine ? { start, end: start + block.length } : undefined;
}

/** From the same first header on as many headers as the block has, up to what belongs to the next one. */
function findSaying(text: string, block: string): BlockPlace | undefined {
  const wanted = headersOf(block);
  const headers = headersOf(text);
  const [first] = wanted;
  const starts = headers.filter(({ line }) => line === first?.line);
  const [start] = starts;
  if (start === undefined || starts.length > 1) return undefined;
  const next = headers[headers.indexOf(start) + wanted.length];
  const chunk = text.slice(start.at, next?.at ?? text.length);
  // What stands right above the next header is about that one.
  const own = next === undefined ? chunk : chunk.replace(/(?<=\n)(?:[ \t]*(?:#[^\n]*)?\r?\n)*$/, '');
  const end = start.at + own.length;
  const [said, meant] = [readToml(text.slice(start.at, end)), readToml(block)];
  if (said.kind !== 'parsed' || meant.kind !== 'parsed' || !sameToml(said.value, meant.value)) return undefined;
  const gap = /\r?\n$/.exec(text.slice(0, start.at).replace(/\n$/, ''))?.[0] ?? '';
  return { start: start.at - gap.length, end };
}

/** Lines that look like headers; in a string over many lines they are none, which shows when the rest is parsed. */
function headersOf(text: string): { readonly at: number; readonly line: string }[] {
  return [...text.matchAll(/^\[[^\r\n]*\]/gm)].map((match) => ({ at: match.index, line: match[0] }));
}
