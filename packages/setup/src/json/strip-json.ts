import type { Node } from 'jsonc-parser';
import type { Stripped } from '../edit.ts';
import type { Entry, Ours } from '../entry.ts';
import { findIn, readJson } from './json-document.ts';
import { type Json, type JsonPath, sameJson } from './json-value.ts';
import { removeMember } from './remove.ts';

/** A member of an object or an array, and what it is a member of. */
interface Place {
  readonly holder: Node;
  readonly member: Node;
}

/** Takes out what is ours and was not changed since, then what was made for it and is empty. Pure. */
export function stripJson(text: string, { entries, holders }: Ours): Stripped {
  const own = entries.filter((entry) => entry.kind !== 'block' && entry.isBase !== true);
  const bases = entries.filter((entry) => !own.includes(entry));
  const without = withoutHolders(withoutEntries(text, own), holders);
  const bare = withoutHolders(withoutEntries(without, bases), holders);
  return {
    text: isEmptyDocument(bare) ? bare : without,
    edited: own.filter((entry) => isEdited(text, entry)),
  };
}

/** Whether a document says nothing; comments count as something. */
export function isEmptyDocument(text: string): boolean {
  return /^\uFEFF?\s*(?:\{\s*\})?\s*$/.test(text);
}

/** The last one first: so each is taken out of the text that adding it had made. */
function withoutEntries(text: string, entries: readonly Entry[]): string {
  return entries.toReversed().reduce((rest, entry) => {
    const place = placeOf(rest, entry);
    return place === undefined ? rest : removeMember(rest, place.holder, place.member);
  }, text);
}

/** The element of an array that says this. */
export function itemOf(array: Node, values: readonly Json[], wanted: Json): Node | undefined {
  return array.children?.[values.findIndex((value) => sameJson(value, wanted))];
}

function placeOf(text: string, entry: Entry): Place | undefined {
  if (entry.kind === 'block') return undefined;
  const finding = foundAt(text, entry.path);
  if (finding === undefined) return undefined;
  if (entry.kind === 'member') return sameJson(finding.value, entry.value) ? memberPlace(finding.node) : undefined;
  const member = Array.isArray(finding.value) ? itemOf(finding.node, finding.value, entry.value) : undefined;
  return member === undefined ? undefined : { holder: finding.node, member };
}

/** There, but not as it was written. Of an element nobody can tell what it has become. */
function isEdited(text: string, entry: Entry): boolean {
  if (entry.kind !== 'member') return false;
  const finding = foundAt(text, entry.path);
  return finding !== undefined && !sameJson(finding.value, entry.value);
}

/** The innermost first. */
function withoutHolders(text: string, holders: readonly JsonPath[]): string {
  return holders.toSorted((a, b) => b.length - a.length).reduce(withoutEmpty, text);
}

function withoutEmpty(text: string, path: JsonPath): string {
  const finding = foundAt(text, path);
  if (finding === undefined || !/^[[{]\s*[\]}]$/.test(sourceOf(text, finding.node))) return text;
  const place = memberPlace(finding.node);
  return place === undefined ? text : removeMember(text, place.holder, place.member);
}

function foundAt(text: string, path: JsonPath): { readonly node: Node; readonly value: Json } | undefined {
  const document = readJson(text);
  if (document.kind === 'unparsable' || document.root === undefined) return undefined;
  const finding = findIn(document.root, path);
  return finding.kind === 'found' ? finding : undefined;
}

/** A value's property, in its object. */
function memberPlace(value: Node): Place | undefined {
  const member = value.parent;
  return member?.parent === undefined ? undefined : { holder: member.parent, member };
}

function sourceOf(text: string, { offset, length }: Node): string {
  return text.slice(offset, offset + length);
}
