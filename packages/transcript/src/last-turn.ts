import { parserFor } from './parser-for.ts';
import { type TranscriptFile, tailsOf, withTranscript } from './transcript-file.ts';
import type { TranscriptAgent, Turn } from './turn.ts';

/**
 * The last turn of a conversation, read from its transcript's end; of one that is still being answered what is known so
 * far. `undefined`: there is none, or nothing can be read. Never throws, never blocks.
 */
export function lastTurn(path: string, agent: TranscriptAgent): Turn | undefined {
  return withTranscript(path, (file) => lastTurnIn(file, agent), undefined);
}

function lastTurnIn(file: TranscriptFile, agent: TranscriptAgent): Turn | undefined {
  let turn: Turn | undefined;
  for (const lines of tailsOf(file)) {
    const parser = parserFor(agent);
    for (const line of lines) parser.take(line, 0);
    turn = parser.open;
    if (parser.isSure && turn !== undefined) break;
  }
  return turn;
}
