import { CONTROLS } from './characters.ts';

/** One line that a program reads out of what another one printed. */
export interface Marker {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** `undefined`: the attribute is left out; `quoted`: in quotes although it needs none, for readers that look for them. */
export type AttributeValue = string | number | boolean | undefined | { readonly quoted: string };

const NAME = /^[A-Z][A-Z0-9_]*$/;
const KEY = /^[a-z][a-z0-9_]*$/;
const BARE_VALUE = /^[A-Za-z0-9._:/@%+,-]+$/;
const CONTROL = new RegExp(`[${CONTROLS}]`, 'gu');

/**
 * `<!-- CSA:NAME key=value key="quoted value" -->`, one line without an end, attributes in the order given. Control
 * characters of a value are removed and lone surrogates replaced; `& " < >` are escaped, so that no value can end the
 * marker or begin another.
 *
 * @throws TypeError when the name is not `[A-Z][A-Z0-9_]*`, or a key is not `[a-z][a-z0-9_]*` or given twice
 */
export function formatMarker(
  name: string,
  attributes: ReadonlyArray<readonly [key: string, value: AttributeValue]>,
): string {
  if (!NAME.test(name)) throw new TypeError(`a marker's name is [A-Z][A-Z0-9_]*, got ${JSON.stringify(name)}`);
  const present = attributes.filter(([, value]) => value !== undefined);
  requireKeys(present.map(([key]) => key));
  const words = present.map(([key, value]) => `${key}=${formatValue(value)}`);
  return `<!-- ${[`CSA:${name}`, ...words].join(' ')} -->`;
}

function requireKeys(keys: readonly string[]): void {
  const bad = keys.find((key) => !KEY.test(key));
  if (bad !== undefined) throw new TypeError(`an attribute's key is [a-z][a-z0-9_]*, got ${JSON.stringify(bad)}`);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new TypeError(`the attribute ${twice} is given twice`);
}

function formatValue(value: AttributeValue): string {
  const isQuoted = typeof value === 'object';
  const printable = String(isQuoted ? value.quoted : value)
    .toWellFormed()
    .replace(CONTROL, '');
  return !isQuoted && BARE_VALUE.test(printable) ? printable : `"${escapeValue(printable)}"`;
}

function escapeValue(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

const WHOLE_LINE = /^<!-- CSA:([A-Z][A-Z0-9_]*)( .*)? -->$/;
const ATTRIBUTE = new RegExp(` ([a-z][a-z0-9_]*)=(?:"([^"<>${CONTROLS}]*)"|([A-Za-z0-9._:/@%+,-]+))`, 'uy');

/**
 * All well-formed markers of a text, in order. A line is a marker only when it is the whole line, spaces around it
 * allowed; anything else is passed over, also a marker with a key given twice.
 */
export function parseMarkers(text: string): Marker[] {
  return text.split('\n').flatMap((line) => parseMarker(line.trim()) ?? []);
}

function parseMarker(line: string): Marker | undefined {
  const [, name, rest = ''] = WHOLE_LINE.exec(line) ?? [];
  if (name === undefined) return undefined;
  const attributes = new Map<string, string>();
  let end = 0;
  while (end < rest.length) {
    ATTRIBUTE.lastIndex = end;
    const [whole, key = '', quoted, bare] = ATTRIBUTE.exec(rest) ?? [];
    if (whole === undefined || attributes.has(key)) return undefined;
    attributes.set(key, quoted === undefined ? (bare ?? '') : unescapeValue(quoted));
    end += whole.length;
  }
  return { name, attributes };
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&quot;', '"'],
  ['&lt;', '<'],
  ['&gt;', '>'],
]);

function unescapeValue(value: string): string {
  return value.replace(/&(?:amp|quot|lt|gt);/g, (entity) => ENTITIES.get(entity) ?? entity);
}
