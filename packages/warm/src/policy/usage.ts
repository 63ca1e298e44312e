/**
 * What a provider says that one request has read from its prompt cache and written to it, in tokens. `null`: it did not
 * say. The three parts never overlap: their sum is the whole prompt. Where only `write` is unknown, `input` holds what
 * was written too.
 */
export interface Usage {
  /** Neither read from the cache nor written to it. */
  readonly input: number | null;
  readonly read: number | null;
  readonly write: number | null;
  /** The part of `write` that lives for an hour. */
  readonly writeHour: number | null;
  readonly output: number | null;
}

/** The whole prompt, in tokens; `null`: unknown. */
export function promptTokens({ input, read, write }: Usage): number | null {
  return input === null || read === null ? null : input + read + (write ?? 0);
}

/** How much of the prompt came from the cache, in whole per cent rounded down; `null`: unknown, or there was no prompt. */
export function hitPercent(usage: Usage): number | null {
  return percent(usage.read, promptTokens(usage));
}

/** A read, and the prefix that it was to be of, in tokens. */
export interface PrefixRead {
  readonly read: number;
  readonly expected: number;
}

/**
 * How much of the prefixes that were to be read was read, in whole per cent rounded down; `null`: unknown. One request
 * that reads more than its prefix does not make up for another one.
 */
export function prefixPercent(reads: readonly PrefixRead[]): number | null {
  const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);
  const part = sum(reads.map(({ read, expected }) => Math.min(read, expected)));
  return percent(part, sum(reads.map(({ expected }) => expected)));
}

/** How much of what should have been in the cache still was, in whole per cent rounded down; `null`: unknown. */
export function retentionPercent({ read, write }: Usage): number | null {
  return percent(read, read === null || write === null ? null : read + write);
}

function percent(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : Math.floor((part * 100) / whole);
}
