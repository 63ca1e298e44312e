export { callerCacheTier } from './caller-cache-tier.ts';
export { lastTurn } from './last-turn.ts';
export { type Conversation, transcriptOf } from './transcript-of.ts';
export type { TranscriptAgent, Turn, TurnTier, TurnTokens } from './turn.ts';
