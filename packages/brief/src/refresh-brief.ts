import { type BriefEvent, failureWords, type Tell } from './brief-event.ts';
import { lockBrief } from './brief-lock.ts';
import { type BriefContent, heartbeatName } from './content.ts';
import { decideRefresh, type RefreshFacts } from './decide-refresh.ts';
import type { BriefPlaces } from './places.ts';
import { probeSource } from './probe-source.ts';
import { renderBrief } from './render-brief.ts';
import type { BriefSource } from './source.ts';
import {
  ageOf,
  type Remains,
  readRemains,
  removeDrafts,
  removeStored,
  storedAs,
  touchStored,
  writeStored,
} from './stored-brief.ts';
import type { SkipReason, Trigger } from './trigger.ts';
import { completed, lasting, tentative, type Watermark } from './watermark.ts';

export interface RefreshWish {
  readonly trigger: Trigger;
  /** Milliseconds. */
  readonly minIntervalMs: number;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number;
  /** Who hears of it. Default: nobody. */
  readonly tell?: Tell;
}

export type RefreshOutcome =
  /** `unchanged-bytes`: the payload was left as it is. */
  | { readonly kind: 'written' | 'unchanged-bytes'; readonly renderedChars: number; readonly watermark: Watermark }
  | Skipped
  | { readonly kind: 'failed'; readonly error: unknown };

interface Skipped {
  readonly kind: 'skipped';
  readonly reason: SkipReason;
}

/** What was found out on the way to writing. */
interface Findings {
  readonly remains: Remains;
  readonly facts: RefreshFacts;
  readonly watermark: Watermark;
  /** When the look at the records began. */
  readonly lookedAt: number;
}

/**
 * Writes what a starting agent should know to the project's files, unless a gate of {@link decideRefresh} keeps it from
 * doing so. Never throws: whatever breaks is the outcome, and is told.
 */
export async function refreshBrief(
  places: BriefPlaces,
  source: BriefSource,
  wish: RefreshWish,
): Promise<RefreshOutcome> {
  const refresh = new Refresh(places, source, wish);
  const outcome = await refresh.run().catch((error: unknown) => ({ kind: 'failed', error }) as const);
  refresh.tellEnd(outcome);
  return outcome;
}

class Refresh {
  readonly #places: BriefPlaces;
  readonly #source: BriefSource;
  readonly #wish: RefreshWish;
  readonly #now: () => number;
  readonly #begunAt = performance.now();

  constructor(places: BriefPlaces, source: BriefSource, wish: RefreshWish) {
    this.#places = places;
    this.#source = source;
    this.#wish = wish;
    this.#now = wish.now ?? Date.now;
  }

  async run(): Promise<RefreshOutcome> {
    const hold = await lockBrief(this.#places, this.#wish.trigger);
    if (hold === undefined) return skipped('refresh_in_progress');
    try {
      removeDrafts(this.#places);
      const findings = await this.#look();
      return 'reason' in findings ? findings : await this.#write(findings);
    } finally {
      hold.release();
    }
  }

  /** A tick that finds nothing to do is no news. */
  tellEnd(outcome: RefreshOutcome): void {
    const duration_ms = Math.round(performance.now() - this.#begunAt);
    if (outcome.kind === 'skipped') {
      if (this.#wish.trigger !== 'periodic') this.#tell({ event: 'brief_write_skipped', reason: outcome.reason });
    } else if (outcome.kind === 'failed') {
      const words = failureWords(outcome.error);
      this.#tell({ event: 'brief_write_failed', ...words, duration_ms, severity: 'warning' });
    } else {
      const { renderedChars: rendered_chars, watermark } = outcome;
      this.#tell({ event: 'brief_write_success', rendered_chars, watermark, duration_ms });
    }
  }

  /** From the cheapest question to the dearest; nothing is read yet of what there is to say. */
  async #look(): Promise<Findings | Skipped> {
    const remains = readRemains(this.#places);
    const lookedAt = this.#now();
    const known = this.#factsOf(remains, lookedAt);
    const first = decideRefresh(known);
    if (first.kind === 'skip') return skipped(first.reason);
    const probe = await probeSource(this.#source, remains.brief);
    const facts: RefreshFacts = { ...known, probe: probe.kind, source: this.#source.isWarm ? 'warm' : 'cold' };
    const decision = decideRefresh(facts);
    if (decision.kind === 'skip') {
      // Nobody else needs to look for a while.
      touchStored(this.#places, lookedAt);
      return skipped(decision.reason);
    }
    // A gate has kept it out.
    if (probe.kind === 'failed') throw probe.error;
    return { remains, facts, watermark: probe.watermark, lookedAt };
  }

  /** The watermark is older than what is read then: a change in between is seen by the next look. */
  async #write(findings: Findings): Promise<RefreshOutcome> {
    const content = await this.#source.content();
    const text = renderBrief(content);
    const decision = decideRefresh({ ...findings.facts, render: text === '' ? 'empty' : 'full' });
    if (decision.kind === 'skip') {
      // It would go on to say what is no longer so.
      removeStored(this.#places);
      this.#source.remember();
      return skipped(decision.reason);
    }
    this.#tell({ event: 'brief_write_started' });
    const watermark = await this.#watermarkFor(content, findings);
    const brief = storedAs(text, { watermark, writtenAt: this.#now(), alive: aliveIn(content) });
    const written = writeStored(this.#places, findings.remains, brief);
    this.#source.remember();
    const kind = written === 'unchanged' ? 'unchanged-bytes' : 'written';
    return { kind, renderedChars: text.length, watermark };
  }

  async #watermarkFor(content: BriefContent, { watermark, facts, lookedAt }: Findings): Promise<Watermark> {
    // What could not be read, or told of a session, another look may tell, although nothing has changed.
    if (content.isDoubtful || content.sessions.some(({ state }) => state === 'unknown')) return tentative(watermark);
    const whole = facts.source === 'cold' ? completed(watermark, await this.#source.watermark()) : watermark;
    return lasting(whole, lookedAt);
  }

  #factsOf({ brief }: Remains, now: number): RefreshFacts {
    const { trigger, minIntervalMs } = this.#wish;
    const written = brief === undefined ? { kind: 'never' as const } : { kind: 'ago' as const, ms: ageOf(brief, now) };
    return { trigger, minIntervalMs, lock: 'ours', written };
  }

  #tell(event: Told): void {
    const at = new Date(this.#now()).toISOString();
    try {
      this.#wish.tell?.({ at, trigger: this.#wish.trigger, project: this.#places.project, ...event });
    } catch {
      // Telling never breaks what it tells of.
    }
  }
}

/** An event without what all of them say. */
type Told = BriefEvent extends infer E ? (E extends BriefEvent ? Omit<E, 'at' | 'trigger' | 'project'> : never) : never;

function skipped(reason: SkipReason): Skipped {
  return { kind: 'skipped', reason };
}

function aliveIn({ sessions, warming }: BriefContent): string[] {
  const alive = sessions.filter(({ state }) => state === 'alive').map(({ id }) => id);
  return [...alive, ...warming.filter(({ state }) => state === 'on').map(heartbeatName)];
}
