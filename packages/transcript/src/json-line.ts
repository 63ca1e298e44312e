/** An object of somebody else's JSON: nothing about it is certain. */
export interface Entry {
  readonly [key: string]: unknown;
}

/** `undefined` for what is no JSON object: a torn line, garbage, a bare value. */
export function parseEntry(line: string): Entry | undefined {
  // Most garbage is told apart without an exception.
  if (!line.startsWith('{')) return undefined;
  try {
    return asEntry(JSON.parse(line));
  } catch {
    return undefined;
  }
}

export function entryAt(entry: Entry | undefined, key: string): Entry | undefined {
  return asEntry(entry?.[key]);
}

export function textAt(entry: Entry | undefined, key: string): string | undefined {
  const value = entry?.[key];
  return typeof value === 'string' && value !== '' && value.length <= 256 ? value : undefined;
}

/** Beyond what any model reads, so that sums stay exact. */
const MOST_TOKENS = 1e9;

/** A number of tokens; `undefined` for what cannot be one. */
export function tokensAt(entry: Entry | undefined, key: string): number | undefined {
  const value = entry?.[key];
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS ? value : undefined;
}

/** Milliseconds since the epoch. */
export function timeAt(entry: Entry, key: string): number | undefined {
  const text = entry[key];
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]{5,18}(?:Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const time = Date.parse(text);
  return time > 0 ? time : undefined;
}

/** A model's name: it is shown and kept, so nothing but a name may come through. */
export function modelAt(entry: Entry | undefined, key: string): string | undefined {
  const name = textAt(entry, key);
  return name !== undefined && /^[\w.:@/[\]-]{1,96}$/.test(name) ? name : undefined;
}

function asEntry(value: unknown): Entry | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : undefined;
}
