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

export function isSameWatermark(one: Watermark, other: Watermark): boolean {
  return (
    one.records_count === other.records_count &&
    one.max_id === other.max_id &&
    one.max_started_at === other.max_started_at &&
    one.max_completed_at === other.max_completed_at &&
    one.sequence === other.sequence
  );
}
