import { isDeepStrictEqual } from 'node:util';

/** What a JSON text can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where a value stands: keys, from the root on. */
export type JsonPath = readonly string[];

/** Whether two values say the same; the order of keys says nothing. */
export function sameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}

/** A parser's objects may have no prototype. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** The value inside of as many objects as the path has keys. */
export function nested(path: JsonPath, value: Json): Json {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
}
