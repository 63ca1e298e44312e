/**
 * How far a project's records had come. Two that differ in any field, in either direction, are of different records: a
 * session that appears today with an old date raises the count and the sequence, and nothing else.
 */
export interface Watermark {
  readonly records_count: number;
  /** The highest ULID; `null` where there is no session. */
  readonly max_id: string | null;
  /** RFC 3339 in UTC. */
  readonly max_started_at: string | null;
  readonly max_completed_at: string | null;
  /** Rises with every name that appears or goes in what the brief is made of; microseconds of the newest change. */
  readonly sequence: number;
}

/** Within one tick of the kernel's clock, 10 ms at most, a second change leaves the times as they are. */
const TICK_US = 20_000;

export function isSameWatermark(one: Watermark, other: Watermark): boolean {
  return (
    one.records_count === other.records_count &&
    one.max_id === other.max_id &&
    one.max_started_at === other.max_started_at &&
    one.max_completed_at === other.max_completed_at &&
    one.sequence === other.sequence
  );
}

/**
 * The watermark to write down for what was read after it. One whose newest change may hide another becomes one that no
 * look will ever find again, so that the next one reads once more.
 * @param lookedAt when the look began, in milliseconds since the epoch
 */
export function lasting(watermark: Watermark, lookedAt: number): Watermark {
  return mayHideAnother(watermark.sequence, lookedAt) ? tentative(watermark) : watermark;
}

/**
 * Whether a change was so young when a look began that a second one, after the look, could have the same time.
 * @param changedAt microseconds since the epoch
 * @param lookedAt milliseconds since the epoch
 */
export function mayHideAnother(changedAt: number, lookedAt: number): boolean {
  return changedAt > lookedAt * 1000 - TICK_US;
}

/**
 * What a cold source has said before it was read, with what it says of ends once it was: where nothing else is different
 * it is the same records, and what later looks will find. `after` was taken after the reading.
 */
export function completed(before: Watermark, after: Watermark): Watermark {
  const { max_completed_at } = after;
  const whole = { ...before, max_completed_at };
  return isSameWatermark(whole, after) ? whole : before;
}

/** Differs from the one that the same records give. */
export function tentative(watermark: Watermark): Watermark {
  return { ...watermark, sequence: Math.max(0, watermark.sequence - 1) };
}
