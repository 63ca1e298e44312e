import { hash } from 'node:crypto';
import type { TranscriptAgent, Turn } from '@csa/transcript';

/** A turn as it is remembered: numbers, and the name of a model. Times in milliseconds since the epoch. */
export interface ToldTurn extends Omit<Turn, 'id'> {
  /** Made of the turn's id, and the same for the same one: what a fork repeats is told apart by it. */
  readonly key: number;
}

/** The turns of one transcript, in the order in which they were answered. */
export interface ToldConversation {
  readonly agent: TranscriptAgent;
  readonly turns: readonly ToldTurn[];
}

export function toldTurn({ id, ...turn }: Turn): ToldTurn {
  // 48 bits, which a double holds: one clash is to be expected among 16 million turns.
  return { key: Number.parseInt(hash('sha256', id).slice(0, 12), 16), ...turn };
}
