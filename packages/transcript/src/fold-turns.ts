import { parserFor } from './parser-for.ts';
import type { TranscriptAgent, Turn } from './turn.ts';
import type { Checkpoint } from './turn-parser.ts';

/** What lines of a transcript have told. */
export interface TurnsTold {
  /** No later line changes them, and they are not told again, but for one now and then, under the same id. */
  readonly settled: readonly Turn[];
  /** The last ones, told again as they are then by whoever goes on from the checkpoint. */
  readonly pending: readonly Turn[];
  readonly checkpoint: Checkpoint;
}

/** Makes turns of the lines of a transcript, one after another. */
export interface TurnFold {
  /** Takes the next whole line, which begins at that offset, in bytes. */
  take(line: string, at: number): void;
  /**
   * @param end where the next line will begin, in bytes
   * @param torn what stands there already
   */
  end(end: number, torn: string | undefined): TurnsTold;
}

const MAX_TURNS = 50_000;

/** @param from where an earlier reading ended; absent: the lines are told from the first one on */
export function foldTurns(agent: TranscriptAgent, from?: Checkpoint): TurnFold {
  const parser = parserFor(agent, from);
  const settled: Turn[] = [];
  return {
    take: (line, at) => keep(settled, parser.take(line, at)),
    end(end, torn) {
      const checkpoint = parser.checkpoint(end);
      const pending: Turn[] = [];
      // It may be whole but for its end: what it says counts, but not for whoever goes on.
      if (torn !== undefined) keep(pending, parser.take(torn, end));
      keep(pending, parser.open);
      return { settled, pending, checkpoint };
    },
  };
}

/** The newest ones, when there are more than any conversation has. */
function keep(turns: Turn[], turn: Turn | undefined): void {
  if (turn !== undefined) turns.push(turn);
  if (turns.length >= 2 * MAX_TURNS) turns.splice(0, MAX_TURNS);
}
