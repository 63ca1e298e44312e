import type { ToldConversation, ToldTurn } from './told-turn.ts';

export const MINUTE = 60_000;
/** When the story begins, in milliseconds since the epoch. */
export const START: number = Date.parse('2026-03-04T05:00:00.000Z');

export interface TurnDetail {
  /** Minutes since the story began. */
  readonly at: number;
  readonly input?: number;
  readonly read?: number;
  readonly write?: number;
  readonly key?: number;
  readonly model?: string;
  readonly tier?: '5m' | '1h' | undefined;
}

let keys = 0;

export function turn({ at, input = 0, read = 0, write = 0, key, model = 'm', ...more }: TurnDetail): ToldTurn {
  keys += 1;
  const tier = 'tier' in more ? more.tier : '5m';
  return {
    key: key ?? keys,
    startedAt: START + at * MINUTE,
    model,
    tokens: { input, read, write, writeHour: tier === '1h' ? write : 0, output: 9 },
    ...(tier === undefined ? {} : { tier }),
  };
}

export function conversation(...turns: readonly ToldTurn[]): ToldConversation {
  return { agent: 'claude-code', turns };
}
