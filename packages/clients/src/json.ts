import type { Json } from './turn.ts';

/** The value under a key; `undefined` where there is none, or no object. */
export function member(value: Json | undefined, key: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })[key]
    : undefined;
}

/** The elements; none where it is no array. */
export function elements(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** All strings below a value, in order, one in a line. */
export function textBelow(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(textBelow).filter(Boolean).join('\n');
}

/** A string, or none. */
export function string(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
