/** Who wrote a transcript: each has a form of its own. */
export type TranscriptAgent = 'claude-code' | 'codex';

/** How long a cached prefix lives, in the tiers that providers sell. */
export type TurnTier = '5m' | '1h';

/** One answered request of a conversation, as its agent wrote it down. Times in milliseconds since the epoch. */
export interface Turn {
  /** The same wherever the turn is told again: in several lines of one file, and in the copies that forks begin with. */
  readonly id: string;
  /** When the request began, as near as the transcript tells: never after it. */
  readonly startedAt: number;
  /** `unknown` where the transcript does not tell. */
  readonly model: string;
  readonly tokens: TurnTokens;
  /** The tier that it wrote to; of one that only read: that of the last turn before it that wrote. Absent: none is known. */
  readonly tier?: TurnTier;
}

/** The three parts of a prompt do not overlap. */
export interface TurnTokens {
  readonly input: number;
  readonly read: number;
  readonly write: number;
  /** The part of `write` that lives for an hour. */
  readonly writeHour: number;
  readonly output: number;
}
