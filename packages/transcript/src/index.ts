export type { Turn, TurnTokens } from './turn.ts';
