/** How a command is watched for idleness, in milliseconds of a clock that does not count suspended time. */
export interface IdleRule {
  readonly limitMs: number;
  /** From one look to the next. */
  readonly everyMs: number;
}

/** What is known after a look. */
export interface Idleness {
  /** Nothing has happened since then. */
  readonly sinceMs: number;
  readonly lookedMs: number;
}

export interface IdleLook {
  readonly atMs: number;
  /** Whether anything has happened since the look before. */
  readonly active: boolean;
}

export type IdleJudgement =
  | { readonly kind: 'look-again'; readonly idleness: Idleness; readonly inMs: number }
  | { readonly kind: 'idle' };

const MAX_LOOK_MS = 5_000;
/** A look that comes this many intervals after the one before was not only late by a busy machine. */
const AWAY_INTERVALS = 3;

/** Looks often enough that the end comes at most a quarter of the limit, or five seconds, late. */
export function idleRule(limitMs: number): IdleRule {
  return { limitMs, everyMs: Math.min(limitMs / 4, MAX_LOOK_MS) };
}

/** A command that begins now is not idle yet. */
export function beginIdleness(atMs: number): Idleness {
  return { sinceMs: atMs, lookedMs: atMs };
}

/** Whether a look at this time needs all that can be found out: it begins an idle time, or would end the command. */
export function needsThoroughLook({ sinceMs, lookedMs }: Idleness, atMs: number, { limitMs }: IdleRule): boolean {
  return sinceMs === lookedMs || atMs - sinceMs >= limitMs;
}

/**
 * What a look means. One that comes much later than planned says nothing of the time between (this process was
 * stopped, and perhaps the command with it): the counting begins anew.
 */
export function judgeIdleness(before: Idleness, { atMs, active }: IdleLook, rule: IdleRule): IdleJudgement {
  const wasAway = atMs - before.lookedMs > AWAY_INTERVALS * rule.everyMs;
  if (active || wasAway) return { kind: 'look-again', idleness: beginIdleness(atMs), inMs: rule.everyMs };
  const leftMs = before.sinceMs + rule.limitMs - atMs;
  if (leftMs <= 0) return { kind: 'idle' };
  return {
    kind: 'look-again',
    idleness: { sinceMs: before.sinceMs, lookedMs: atMs },
    inMs: Math.min(rule.everyMs, leftMs),
  };
}
