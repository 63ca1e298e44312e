import type { Edit, Edited, Outcome } from '../edit.ts';
import { type Entry, NOTHING_OURS, type Ours } from '../entry.ts';
import type { ItemWish, MemberWish } from '../wish.ts';
import { insertFirst, insertLast, replaceValue } from './insert.ts';
import { documentValue, type Finding, findIn, readJson } from './json-document.ts';
import { type Json, type JsonPath, nested, sameJson } from './json-value.ts';
import { isEmptyDocument, itemOf, stripJson } from './strip-json.ts';

type Wish = MemberWish | ItemWish;
type JsonEntry = Extract<Entry, { path: JsonPath }>;

/** What a wish does to a text. */
type Step =
  | { readonly kind: 'present' }
  | { readonly kind: 'left'; readonly why: string }
  | { readonly kind: 'added'; readonly text: string; readonly holders: readonly JsonPath[] }
  | { readonly kind: 'updated'; readonly text: string };

/** Adds what is missing, and brings up to date what is ours; what is the user's stays. Pure. */
export function applyJson(text: string, wishes: readonly Wish[], ours: Ours): Edit {
  const document = readJson(text);
  if (document.kind === 'unparsable') return document;
  const obsolete = ours.entries.filter((entry) => !wishes.some((wish) => isFor(entry, wish)));
  const kept = { entries: ours.entries.filter((entry) => !obsolete.includes(entry)), holders: ours.holders };
  const { text: rest } = stripJson(text, { entries: obsolete, holders: ours.holders });
  const isNew = isEmptyDocument(stripJson(text, ours).text);
  const wanted = wishes.filter((wish) => isNew || wish.kind === 'item' || wish.isBase !== true || isKept(wish, kept));
  const edited = wanted.reduce(applyWish, { text: rest, ours: kept, outcomes: obsolete.map(removed) });
  const fault = faultOf(text, ours, edited);
  return fault === undefined ? { kind: 'edited', ...edited } : { kind: 'unparsable', why: fault };
}

function isKept(wish: Wish, { entries }: Ours): boolean {
  return entries.some((entry) => isFor(entry, wish));
}

function isFor(entry: Entry, { id, kind, path }: Wish): boolean {
  return entry.kind === kind && entry.id === id && sameJson(entry.path, path);
}

/** Whatever is not ours must say the same as before. */
function faultOf(text: string, ours: Ours, edited: Edited): string | undefined {
  const before = documentValue(readJson(stripJson(text, ours).text)) ?? {};
  const after = readJson(stripJson(edited.text, edited.ours).text);
  if (after.kind === 'unparsable') return `it could not be changed safely: ${after.why}`;
  return sameJson(before, documentValue(after) ?? {}) ? undefined : 'it could not be changed without changing more';
}

function applyWish(edited: Edited, wish: Wish): Edited {
  const known = edited.ours.entries.find(({ id }): boolean => id === wish.id) as JsonEntry | undefined;
  const step = stepFor(edited.text, wish, known);
  const others = edited.ours.entries.filter(({ id }) => id !== wish.id);
  const { kind, id, path, value } = wish;
  const isBase = wish.kind === 'member' && wish.isBase === true;
  const entry: JsonEntry = { kind, id, path, value, ...(isBase ? { isBase } : {}) };
  const outcomes = [...edited.outcomes, outcomeOf(wish, step)];
  if (step.kind === 'left') return { ...edited, ours: { ...edited.ours, entries: others }, outcomes };
  if (step.kind === 'present') return { ...edited, outcomes };
  const holders = [...edited.ours.holders, ...(step.kind === 'added' ? step.holders : [])];
  return { text: step.text, ours: { entries: [...others, entry], holders }, outcomes };
}

function stepFor(text: string, wish: Wish, known: JsonEntry | undefined): Step {
  const document = readJson(text);
  if (document.kind === 'unparsable') return { kind: 'left', why: document.why };
  const content = wish.kind === 'item' ? [wish.value] : wish.value;
  if (document.root === undefined) return addFirst(text, wish, content);
  const finding = findIn(document.root, wish.path);
  if (finding.kind === 'blocked') return { kind: 'left', why: finding.why };
  if (finding.kind === 'absent')
    return addNested(text, finding, { path: wish.path, content, isItem: wish.kind === 'item' });
  return wish.kind === 'item' ? stepForItem(text, finding, wish, known) : stepForMember(text, finding, wish, known);
}

function addFirst(text: string, { kind, path }: Wish, content: Json): Step {
  const [key = '', ...rest] = path;
  const added = insertFirst(text, { key, value: nested(rest, content) });
  return { kind: 'added', text: added, holders: holdersBelow(path, 0, kind === 'item') };
}

interface Nesting {
  readonly path: JsonPath;
  readonly content: Json;
  readonly isItem: boolean;
}

function addNested(text: string, { holder, missing }: Finding & { kind: 'absent' }, wish: Nesting): Step {
  const [key = '', ...rest] = missing;
  const added = insertLast(text, holder, { key, value: nested(rest, wish.content) });
  const known = wish.path.length - missing.length;
  return { kind: 'added', text: added, holders: holdersBelow(wish.path, known, wish.isItem) };
}

/** What is made on the way to a value: all objects, and the array of an element. */
function holdersBelow(path: JsonPath, known: number, isItem: boolean): JsonPath[] {
  const longest = isItem ? path.length : path.length - 1;
  return path.flatMap((_, index) => (index >= known && index < longest ? [path.slice(0, index + 1)] : []));
}

function stepForMember(
  text: string,
  { node, value }: Finding & { kind: 'found' },
  wish: MemberWish,
  known: JsonEntry | undefined,
): Step {
  if (sameJson(value, wish.value)) return { kind: 'present' };
  if (known !== undefined && sameJson(value, known.value))
    return { kind: 'updated', text: replaceValue(text, node, wish.value) };
  if (wish.isBase === true) return { kind: 'present' };
  if (wish.isLeast === true && Number(value) >= Number(wish.value)) return { kind: 'present' };
  return { kind: 'left', why: `${wish.path.join('.')} has another value already` };
}

function stepForItem(
  text: string,
  { node, value }: Finding & { kind: 'found' },
  wish: ItemWish,
  known: JsonEntry | undefined,
): Step {
  const name = wish.path.join('.');
  if (!Array.isArray(value)) return { kind: 'left', why: `${name} is no list` };
  if (value.some((item) => sameJson(item, wish.value))) return { kind: 'present' };
  const old = known === undefined ? undefined : itemOf(node, value, known.value);
  if (old !== undefined) return { kind: 'updated', text: replaceValue(text, old, wish.value) };
  const { mark } = wish;
  if (mark !== undefined && value.some((item) => JSON.stringify(item).includes(mark)))
    return { kind: 'left', why: `${name} has one with "${mark}" already` };
  return { kind: 'added', text: insertLast(text, node, { value: wish.value }), holders: [] };
}

function outcomeOf(wish: Wish, step: Step): Outcome {
  const { id, about } = wish;
  if (step.kind !== 'left') return { kind: step.kind, id, about };
  return { kind: 'left', id, about, why: step.why, paste: jsonToPaste([wish]) };
}

/** Our part of a document, for whoever writes it there by hand. */
export function jsonToPaste(wishes: readonly Wish[]): string[] {
  const edit = applyJson('', wishes, NOTHING_OURS);
  return edit.kind === 'edited' ? edit.text.trimEnd().split('\n') : [];
}

function removed({ id }: Entry): Outcome {
  return { kind: 'removed', id, about: id };
}
