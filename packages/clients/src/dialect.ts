import type { Json, Move, Turn } from './turn.ts';

/** One event of a stream; Gemini's have no name. */
export interface StreamEvent {
  readonly event?: string;
  readonly data: Json;
}

/** The language in which one provider's clients ask for a turn. */
export interface Dialect {
  /** Whether a request to this path asks for a turn. */
  asksForTurn(path: string): boolean;
  read(body: Json): Turn;
  /** `turn` makes the ids of the calls. */
  events(move: Move, turn: Turn): readonly StreamEvent[];
}
