export { callerCacheTier } from './caller-cache-tier.ts';
export { lastTurn } from './last-turn.ts';
export { type Bookmark, readTurns, type TurnsNews, turnsOf, type Validator } from './read-turns.ts';
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
