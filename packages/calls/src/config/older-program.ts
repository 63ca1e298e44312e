/** The file is shared with the older program, whose own keys stand in two of our tables. */
export const OLDER_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['kv_cache', ['frequent_poll_seconds', 'default_ttl_seconds']],
  ['hooks', ['auto_setup_review_gate']],
]);

/** Its tables whose names are so close to one of ours that they would be taken for a slip. */
export const OLDER_TABLES: readonly string[] = ['tools'];
