import type { TranscriptAgent, TurnTier } from '@csa/transcript';
import { type ColdPoint, classifyGaps, findColdPoint, type GapClass } from './gap-classes.ts';
import { type Gap, gapsOf } from './gaps.ts';
import type { ToldConversation } from './told-turn.ts';
import { NO_WARMING, sumOf, type Warming, type WarmingTerms, warmThrough } from './warming.ts';

/** What transcripts show of prompt caches. Times in milliseconds since the epoch. */
export interface CacheReport {
  readonly conversations: number;
  readonly turns: number;
  /** From one turn to the next. */
  readonly gaps: number;
  /** Gaps that tell nothing of a cache's life: another model came after them, or a shorter prompt. */
  readonly changed: number;
  readonly firstAt?: number;
  readonly lastAt?: number;
  readonly groups: readonly CacheGroup[];
  readonly warming: Warming;
}

/** The caches of one agent in one tier. */
export interface CacheGroup {
  readonly agent: TranscriptAgent;
  /** `null`: the agent does not tell. */
  readonly tier: TurnTier | null;
  /** Returns after a gap that tells something. */
  readonly returns: number;
  readonly classes: readonly GapClass[];
  readonly coldPoint: ColdPoint;
}

export interface ReportTerms extends WarmingTerms {
  /** What began earlier does not count, but for the turn before a gap that ends in the window. */
  readonly since: number;
}

/** Adds up conversations one after another; of each, no more is kept than its gaps. */
export class CacheTally {
  readonly #terms: ReportTerms;
  readonly #seen = new Set<number>();
  readonly #gaps = new Map<string, { agent: TranscriptAgent; tier: TurnTier | null; gaps: Gap[] }>();
  #report = { conversations: 0, turns: 0, gaps: 0, changed: 0 };
  #times: { firstAt?: number; lastAt?: number } = {};
  #warming = NO_WARMING;

  constructor(terms: ReportTerms) {
    this.#terms = terms;
  }

  add(conversation: ToldConversation): void {
    const { since } = this.#terms;
    const story = gapsOf(conversation, this.#seen, since);
    if (story.turns === 0) return;
    const { conversations, turns, gaps, changed } = this.#report;
    this.#report = {
      conversations: conversations + 1,
      turns: turns + story.turns,
      gaps: gaps + story.gaps.length,
      changed: changed + story.gaps.filter(({ kept }) => kept === undefined).length,
    };
    for (const { startedAt } of conversation.turns) if (startedAt >= since) this.#sawTime(startedAt);
    for (const gap of story.gaps) this.#groupOf(conversation.agent, gap.tier ?? null).push(gap);
    this.#warming = sumOf(this.#warming, warmThrough(story, this.#terms));
  }

  report(): CacheReport {
    const groups = [...this.#gaps.values()].map(({ agent, tier, gaps }) => {
      const classes = classifyGaps(gaps);
      const returns = classes.reduce((sum, each) => sum + each.returns, 0);
      return { agent, tier, returns, classes, coldPoint: findColdPoint(classes) };
    });
    const byReturns = groups.filter(({ returns }) => returns > 0).toSorted((a, b) => b.returns - a.returns);
    return { ...this.#report, ...this.#times, groups: byReturns, warming: this.#warming };
  }

  #groupOf(agent: TranscriptAgent, tier: TurnTier | null): Gap[] {
    const key = `${agent} ${tier}`;
    const group = this.#gaps.get(key) ?? { agent, tier, gaps: [] };
    this.#gaps.set(key, group);
    return group.gaps;
  }

  #sawTime(at: number): void {
    const { firstAt = at, lastAt = at } = this.#times;
    this.#times = { firstAt: Math.min(firstAt, at), lastAt: Math.max(lastAt, at) };
  }
}
