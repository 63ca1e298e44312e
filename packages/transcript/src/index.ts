export { callerCacheTier } from './caller-cache-tier.ts';
export { foldTurns, type TurnFold, type TurnsTold } from './fold-turns.ts';
export { lastTurn } from './last-turn.ts';
export { threadTotal } from './thread-total.ts';
export { type Conversation, transcriptOf } from './transcript-of.ts';
export {
  type TranscriptPlace,
  type TranscriptSearch,
  transcriptDirectories,
  transcriptsBelow,
} from './transcripts-below.ts';
export type { TranscriptAgent, Turn, TurnTier, TurnTokens } from './turn.ts';
export type { Checkpoint } from './turn-parser.ts';
