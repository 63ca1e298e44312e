import type { TurnTier } from '@csa/transcript';
import type { ToldConversation, ToldTurn } from './told-turn.ts';

/** From the start of one request to the start of the next one of the same conversation. */
export interface Gap {
  readonly ms: number;
  /** When the later one began, in milliseconds since the epoch. */
  readonly returnedAt: number;
  readonly model: string;
  /** Of the prefix that the earlier one left behind; absent: unknown. */
  readonly tier?: TurnTier;
  /** The tokens of that prefix. */
  readonly prefix: number;
  /**
   * How many of them were read again. `undefined`: the later prompt was another one (another model, or shorter, as after
   * a compaction), so that it tells nothing of how long a cache lives.
   */
  readonly kept: number | undefined;
}

/** A conversation as its gaps, and the turn after which nothing came. */
export interface GapStory {
  readonly turns: number;
  readonly gaps: readonly Gap[];
  readonly last: ToldTurn | undefined;
  /** Of the last turn. */
  readonly lastPrefix: number;
}

/** A prefix is lost when less than this part of it is read again, in thousandths. */
export const KEPT_PER_MILLE = 500;

/**
 * The gaps of a conversation. What another transcript has told already is history that a fork begins with: neither it
 * nor the gap after it counts. `seen` gains what this one tells.
 */
export function gapsOf({ agent, turns }: ToldConversation, seen: Set<number>, since = 0): GapStory {
  const gaps: Gap[] = [];
  let count = 0;
  let before: ToldTurn | undefined;
  for (const turn of turns) {
    const isRepeated = seen.has(turn.key);
    seen.add(turn.key);
    if (!isRepeated && turn.startedAt >= since) {
      count += 1;
      if (before !== undefined) gaps.push(gapBetween(before, turn, agent));
    }
    before = isRepeated ? undefined : turn;
  }
  const last = before !== undefined && before.startedAt >= since ? before : undefined;
  return { turns: count, gaps, last, lastPrefix: last === undefined ? 0 : prefixOf(last, agent) };
}

/** Whether the prefix was lost; `undefined`: it tells nothing. */
export function isLost({ kept, prefix }: Gap): boolean | undefined {
  return kept === undefined || prefix === 0 ? undefined : kept * 1000 < prefix * KEPT_PER_MILLE;
}

function gapBetween(before: ToldTurn, turn: ToldTurn, agent: ToldConversation['agent']): Gap {
  const prefix = prefixOf(before, agent);
  const { input, read, write } = turn.tokens;
  const isSame = turn.model === before.model && input + read + write >= prefix;
  return {
    ms: Math.max(0, turn.startedAt - before.startedAt),
    returnedAt: turn.startedAt,
    model: turn.model,
    prefix,
    kept: isSame ? Math.min(read, prefix) : undefined,
    ...(before.tier === undefined ? {} : { tier: before.tier }),
  };
}

/** Codex does not tell what it wrote: the whole prompt is cached by itself. */
function prefixOf({ tokens }: ToldTurn, agent: ToldConversation['agent']): number {
  return tokens.read + tokens.write + (agent === 'codex' ? tokens.input : 0);
}
