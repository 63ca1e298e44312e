/** One answered request of a conversation, as its agent wrote it down. Times in milliseconds since the epoch. */
export interface Turn {
  /** The provider's id of the answer: an agent writes one answer in several lines. */
  readonly id: string;
  /** When the request began, as near as the transcript tells: never after it. */
  readonly startedAt: number;
  readonly model: string;
  readonly tokens: TurnTokens;
  /** The tier that it wrote to; absent: it wrote nothing. */
  readonly tier?: '5m' | '1h';
}

/** The three parts of a prompt do not overlap. */
export interface TurnTokens {
  readonly input: number;
  readonly read: number;
  readonly write: number;
  readonly writeHour: number;
  readonly output: number;
}
