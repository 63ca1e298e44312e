import { ClaudeTurns } from './claude-turns.ts';
import { CodexTurns } from './codex-turns.ts';
import type { TranscriptAgent } from './turn.ts';
import type { Checkpoint, TurnParser } from './turn-parser.ts';

/** @param from where an earlier reading ended; absent: at the beginning */
export function parserFor(agent: TranscriptAgent, from?: Checkpoint): TurnParser {
  return agent === 'codex' ? new CodexTurns(from) : new ClaudeTurns(from);
}
