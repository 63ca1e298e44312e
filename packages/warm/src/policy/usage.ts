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

/** How much of what should have been in the cache still was, in whole per cent rounded down; `null`: unknown. */
export function retentionPercent({ read, write }: Usage): number | null {
  return percent(read, read === null || write === null ? null : read + write);
}

function percent(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : Math.floor((part * 100) / whole);
}
