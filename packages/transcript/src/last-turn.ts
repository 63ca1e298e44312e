import { parserFor } from './parser-for.ts';
import { type TranscriptFile, withTranscript } from './transcript-file.ts';
import type { TranscriptAgent, Turn } from './turn.ts';
import type { TurnParser } from './turn-parser.ts';

/** How much of a transcript's end is read: more each time, when a turn or what caused it stands before it. */
const TAIL_BYTES = [256 * 1024, 2 * 1024 * 1024, 16 * 1024 * 1024];

/**
 * The last turn of a conversation, read from its transcript's end; of one that is still being answered what is known so
 * far. `undefined`: there is none, or nothing can be read. Never throws, never blocks.
 */
export function lastTurn(path: string, agent: TranscriptAgent): Turn | undefined {
  return withTranscript(path, (file) => lastTurnIn(file, agent), undefined);
}

function lastTurnIn(file: TranscriptFile, agent: TranscriptAgent): Turn | undefined {
  let turn: Turn | undefined;
  for (const bytes of TAIL_BYTES) {
    const parser = parserFor(agent);
    takeTail(file, bytes, parser);
    turn = parser.open;
    if (bytes >= file.size || (parser.isSure && turn !== undefined)) break;
  }
  return turn;
}

function takeTail(file: TranscriptFile, bytes: number, parser: TurnParser): void {
  const from = Math.max(0, file.size - bytes);
  const text = file.read(Buffer.alloc(file.size - from), from).toString('utf8');
  const [first = '', ...rest] = text.split('\n');
  // The first line of a tail is cut; the last one may still be being written, and then is no JSON.
  for (const line of from === 0 ? [first, ...rest] : rest) parser.take(line, 0);
}
