import type { Edit, Edited, Outcome, Stripped } from '../edit.ts';
import type { Entry, Ours } from '../entry.ts';
import type { BlockWish } from '../wish.ts';
import { type BlockPlace, findBlock } from './find-block.ts';
import { isJoined, readToml, sameToml, tomlAt } from './toml-value.ts';

type Block = Extract<Entry, { kind: 'block' }>;

/** What a wish does to a text. */
type Step =
  | { readonly kind: 'present' }
  | { readonly kind: 'left'; readonly why: string }
  | { readonly kind: 'added' | 'updated'; readonly text: string; readonly block: string };

/** Adds tables behind all others, and brings up to date those that are ours. Pure. */
export function applyToml(text: string, wishes: readonly BlockWish[], ours: Ours): Edit {
  const reading = readToml(text);
  if (reading.kind === 'unparsable') return reading;
  const wished = new Set(wishes.map(({ id }) => id));
  const obsolete = ours.entries.filter(({ id }) => !wished.has(id));
  const entries = ours.entries.filter(({ id }) => wished.has(id));
  const start = withoutBlocks(text, obsolete);
  const outcomes = obsolete.map(({ id }): Outcome => ({ kind: 'removed', id, about: id }));
  return { kind: 'edited', ...wishes.reduce(applyBlock, { text: start, ours: { entries, holders: [] }, outcomes }) };
}

/** Takes out what is ours. `edited`: those that no longer stand there as they were written; they stay. Pure. */
export function stripToml(text: string, { entries }: Ours): Stripped {
  const stripped = withoutBlocks(text, entries);
  const edited = entries.filter((entry) => entry.kind === 'block' && withoutBlocks(text, [entry]) === text);
  return { text: stripped, edited };
}

/** The last one first; each only where the rest stays what it is. */
function withoutBlocks(text: string, entries: readonly Entry[]): string {
  return entries.toReversed().reduce((rest, entry) => {
    if (entry.kind !== 'block') return rest;
    const place = findBlock(rest, entry.text);
    const without = place === undefined ? rest : rest.slice(0, place.start) + rest.slice(place.end);
    return addsOnly(without, rest, entry.text) ? without : rest;
  }, text);
}

function applyBlock(edited: Edited, wish: BlockWish): Edited {
  const known = edited.ours.entries.find((entry): entry is Block => entry.kind === 'block' && entry.id === wish.id);
  const step = stepFor(edited.text, wish, known);
  const others = edited.ours.entries.filter(({ id }) => id !== wish.id);
  const { id, about } = wish;
  if (step.kind === 'present') return { ...edited, outcomes: [...edited.outcomes, { kind: 'present', id, about }] };
  if (step.kind === 'left') {
    const left: Outcome = { kind: 'left', id, about, why: step.why, paste: wish.lines };
    return { ...edited, ours: { entries: others, holders: [] }, outcomes: [...edited.outcomes, left] };
  }
  const entry: Block = { kind: 'block', id, text: step.block };
  const outcomes = [...edited.outcomes, { kind: step.kind, id, about }];
  return { text: step.text, ours: { entries: [...others, entry], holders: [] }, outcomes };
}

function stepFor(text: string, wish: BlockWish, known: Block | undefined): Step {
  const before = valueIn(text);
  const wanted = tomlAt(valueIn(wish.lines.join('\n')), wish.path);
  const there = tomlAt(before, wish.path);
  if (holds(there, wanted)) return { kind: 'present' };
  const place = known === undefined ? undefined : findBlock(text, known.text);
  if (place !== undefined) return replaceBlock(text, wish, place);
  const name = wish.path.join('.');
  if (there !== undefined && !Array.isArray(wanted)) return { kind: 'left', why: `${name} has other values already` };
  if (isLike(there, wish.mark)) return { kind: 'left', why: `${name} has one with "${wish.mark}" already` };
  return append(text, wish);
}

/** Nothing is added that would change what the rest of the file says. */
function append(text: string, wish: BlockWish): Step {
  const eol = eolOf(text);
  const end = text === '' || text === '\uFEFF' || text.endsWith('\n') ? '' : eol;
  const gap = text.trim() === '' ? '' : eol;
  const block = `${gap}${wish.lines.join(eol)}${eol}`;
  const added = `${text}${end}${block}`;
  if (addsOnly(text, added, block)) return { kind: 'added', text: added, block };
  return { kind: 'left', why: `${wish.path.join('.')} cannot be added: the file says it in another way` };
}

function replaceBlock(text: string, wish: BlockWish, { start, end }: BlockPlace): Step {
  const eol = eolOf(text);
  const gap = /^\r?\n/.exec(text.slice(start, end))?.[0] ?? '';
  const block = `${gap}${wish.lines.join(eol)}${eol}`;
  const rest = [text.slice(0, start), text.slice(end)] as const;
  if (!addsOnly(rest.join(''), rest.join(block), block)) return { kind: 'left', why: 'it could not be changed safely' };
  return { kind: 'updated', text: rest.join(block), block };
}

/** Whether the longer text says what the shorter one says, and the block, and nothing else. */
function addsOnly(shorter: string, longer: string, block: string): boolean {
  const [before, after, added] = [shorter, longer, block].map(readToml);
  if (before?.kind !== 'parsed' || after?.kind !== 'parsed' || added?.kind !== 'parsed') return false;
  return isJoined(after.value, before.value, added.value);
}

function holds(there: unknown, wanted: unknown): boolean {
  if (!Array.isArray(wanted)) return sameToml(there, wanted);
  return Array.isArray(there) && wanted.every((item) => there.some((one) => sameToml(one, item)));
}

function isLike(there: unknown, mark: string | undefined): boolean {
  if (mark === undefined || there === undefined) return false;
  return textsIn(there).some((text) => text.includes(mark));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value instanceof Map || Array.isArray(value) ? [...value.values()].flatMap(textsIn) : [];
}

function valueIn(text: string): unknown {
  const reading = readToml(text);
  return reading.kind === 'parsed' ? reading.value : undefined;
}

function eolOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}
