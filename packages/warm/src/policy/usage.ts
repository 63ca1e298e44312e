/**
 * What a provider says that one request has read from its prompt cache and written to it, in tokens. `null`: it did not
 * say. The three parts never overlap: their sum is the whole prompt.
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
