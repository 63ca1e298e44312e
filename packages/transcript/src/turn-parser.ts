import type { Turn, TurnTier } from './turn.ts';

/** From where a transcript can be read on, and what its lines before that have said for those that follow. */
export interface Checkpoint {
  /** Bytes. */
  readonly offset: number;
  readonly model?: string;
  readonly tier?: TurnTier;
  /** It is a sub-agent's. */
  readonly side?: true;
}

/** Makes turns of lines; keeps times, numbers and ids of the lines, and nothing of what was said in them. */
export interface TurnParser {
  /** The turn so far that a later line may still complete. */
  readonly open: Turn | undefined;
  /** What caused the open turn was seen, and its model: nothing before the first line could change it. */
  readonly isSure: boolean;
  /**
   * Takes the next line, which begins at that offset, in bytes.
   * @returns the turn that is complete by now
   */
  take(line: string, at: number): Turn | undefined;
  /** From where the open turn can be told again; without one from `end`, where the next line begins. */
  checkpoint(end: number): Checkpoint;
}

/** A line that may have made the agent ask. */
export interface Cause {
  readonly time: number;
  readonly offset: number;
  /** What was known when it was written. */
  readonly before: Omit<Checkpoint, 'offset'>;
}

/** A turn that may go on, and the line from which it can be told again. */
export interface OpenTurn {
  readonly turn: Turn;
  readonly from: Omit<Cause, 'time'>;
  /** That line is what caused it. */
  readonly isCaused: boolean;
}

/** Opens a turn with the first line of its answer; without its cause it began then at the latest. */
export function openTurn(turn: Omit<Turn, 'startedAt'>, answer: Cause, cause: Cause | undefined): OpenTurn {
  const startedAt = Math.min(cause?.time ?? answer.time, answer.time);
  return { turn: { ...turn, startedAt }, from: cause ?? answer, isCaused: cause !== undefined };
}

export function checkpointOf({ offset, before }: Omit<Cause, 'time'>): Checkpoint {
  return { offset, ...before };
}
