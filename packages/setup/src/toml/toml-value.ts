import { isDeepStrictEqual } from 'node:util';
import { parseToml, TomlSyntaxError } from '@csa/session';
import type { JsonPath } from '../json/json-value.ts';

export type TomlReading =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'unparsable'; readonly why: string };

/** Reads TOML 1.0, with or without a byte-order mark; the parser takes no CRLF behind a comment. */
export function readToml(text: string): TomlReading {
  try {
    return { kind: 'parsed', value: plain(parseToml(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'))) };
  } catch (error) {
    if (!(error instanceof TomlSyntaxError)) throw error;
    return { kind: 'unparsable', why: error.message };
  }
}

export function sameToml(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}

/** `undefined` where there is none. */
export function tomlAt(value: unknown, path: JsonPath): unknown {
  return path.reduce((inner, key) => (inner instanceof Map ? inner.get(key) : undefined), value);
}

/** Whether `whole` says what the two others say, and nothing else. New elements of an array stand together, anywhere. */
export function isJoined(whole: unknown, before: unknown, added: unknown): boolean {
  if (before === undefined || added === undefined) return isDeepStrictEqual(whole, before ?? added);
  if (Array.isArray(before) && Array.isArray(added)) {
    return before.concat(0).some((_, at) => isDeepStrictEqual(whole, before.toSpliced(at, 0, ...added)));
  }
  if (!(whole instanceof Map && before instanceof Map && added instanceof Map)) return false;
  const keys = new Set([...whole.keys(), ...before.keys(), ...added.keys()]);
  return [...keys].every((key) => isJoined(whole.get(key), before.get(key), added.get(key)));
}

/** The parser's tables and numbers carry marks of their own; all that counts is what they say. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
