import { lstatSync, mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Claim, DIRECTORY_MODE, errnoOf, type Hold, makeDirectory } from '@csa/session/files';
import { type BriefEvent, failureWords, type Tell } from './brief-event.ts';
import type { BriefContent } from './content.ts';
import { decideRefresh, type RefreshFacts } from './decide-refresh.ts';
import type { BriefPlaces } from './places.ts';
import { probeSource } from './probe-source.ts';
import { renderBrief } from './render-brief.ts';
import type { BriefSource } from './source.ts';
import {
  ageOf,
  digest,
  MAX_ALIVE,
  type Remains,
  readRemains,
  removeStored,
  type StoredBrief,
  touchStored,
  writeStored,
} from './stored-brief.ts';
import type { SkipReason, Trigger } from './trigger.ts';
import { lasting, tentative, type Watermark } from './watermark.ts';

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
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Nobody who refreshes takes longer; one of whom it cannot be told whether they live is believed for so long. */
const LOCK_MS = 60_000;
const FORCED_PATIENCE_MS = 5_000;
const LOCK_LOOK_MS = 50;

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
    this.#makeWorkshop();
    const hold = await this.#lock();
    if (hold === undefined) return { kind: 'skipped', reason: 'refresh_in_progress' };
    try {
      return await this.#runAlone();
    } finally {
      hold.release();
    }
  }

  /** A periodic refresh that finds nothing to do is no news. */
  tellEnd(outcome: RefreshOutcome): void {
    const { trigger } = this.#wish;
    if (outcome.kind === 'skipped') {
      const { reason } = outcome;
      if (trigger !== 'periodic') this.#tell({ event: 'brief_write_skipped', reason });
      return;
    }
    const duration_ms = Math.round(performance.now() - this.#begunAt);
    if (outcome.kind === 'failed') {
      const words = failureWords(outcome.error);
      this.#tell({ event: 'brief_write_failed', ...words, duration_ms, severity: 'warning' });
      return;
    }
    const { renderedChars, watermark } = outcome;
    this.#tell({ event: 'brief_write_success', rendered_chars: renderedChars, watermark, duration_ms });
  }

  /** Only whoever asks by hand makes a folder for a project: one that is gone was removed, with its sessions. */
  #makeWorkshop(): void {
    const { folder, workshop } = this.#places;
    if (this.#wish.trigger === 'forced') makeDirectory(folder);
    try {
      mkdirSync(workshop, { mode: DIRECTORY_MODE });
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST' || !lstatSync(workshop).isDirectory()) throw error;
    }
  }

  /** `undefined`: somebody else refreshes. @throws a system error */
  async #lock(): Promise<Hold | undefined> {
    const claim = new Claim({ directory: this.#places.workshop, name: 'lock' }, ['refresh']);
    const patience = this.#wish.trigger === 'forced' ? FORCED_PATIENCE_MS : 0;
    for (;;) {
      const taken = await claim.take('refresh', Date.now() + LOCK_MS);
      if ('release' in taken) return taken;
      if (taken.kind === 'unreadable') throw new Error('the lock cannot be read');
      if (performance.now() - this.#begunAt >= patience) return undefined;
      await sleep(LOCK_LOOK_MS);
    }
  }

  async #runAlone(): Promise<RefreshOutcome> {
    const remains = readRemains(this.#places);
    const facts = this.#factsOf(remains.brief);
    const first = decideRefresh(facts);
    if (first.kind === 'skip') return { kind: 'skipped', reason: first.reason };
    const lookedAt = this.#now();
    const probe = await probeSource(this.#source, remains.brief);
    const looked = { ...facts, probe: probe.kind };
    const second = decideRefresh(probe.kind === 'failed' ? looked : { ...looked, source: this.#warmth() });
    if (second.kind === 'skip' && second.reason === 'no_new_records') touchStored(this.#places, lookedAt);
    if (second.kind === 'skip') return { kind: 'skipped', reason: second.reason };
    // Only a failed probe has none, and that is a gate.
    if (probe.kind === 'failed') throw probe.error;
    return this.#write(remains, { watermark: probe.watermark, lookedAt });
  }

  /** The watermark is older than the content: what changes in between is seen by the next look. */
  async #write(
    remains: Remains,
    { watermark, lookedAt }: { watermark: Watermark; lookedAt: number },
  ): Promise<RefreshOutcome> {
    const content = await this.#source.content();
    const text = renderBrief(content);
    const decision = decideRefresh({ ...this.#factsOf(undefined), render: text === '' ? 'empty' : 'full' });
    if (decision.kind === 'skip') {
      // It would go on to say what is no longer so.
      removeStored(this.#places);
      this.#source.remember();
      return { kind: 'skipped', reason: decision.reason };
    }
    this.#tell({ event: 'brief_write_started' });
    const mark = isToldForSure(content) ? lasting(watermark, lookedAt) : tentative(watermark);
    const brief = this.#briefOf(text, content, mark);
    const written = writeStored(this.#places, remains, brief);
    this.#source.remember();
    const kind = written === 'unchanged' ? 'unchanged-bytes' : 'written';
    return { kind, renderedChars: text.length, watermark: mark };
  }

  #briefOf(text: string, content: BriefContent, watermark: Watermark): StoredBrief {
    const alive = content.sessions.filter(({ state }) => state === 'alive').map(({ id }) => id);
    return {
      text,
      sidecar: {
        schema: 'csa.brief/1',
        watermark,
        rendered_chars: text.length,
        sha256: digest(text),
        written_at: new Date(this.#now()).toISOString(),
        alive: alive.slice(0, MAX_ALIVE),
      },
    };
  }

  #factsOf(brief: StoredBrief | undefined): RefreshFacts {
    const { trigger, minIntervalMs } = this.#wish;
    const written =
      brief === undefined ? ({ kind: 'never' } as const) : ({ kind: 'ago', ms: ageOf(brief, this.#now()) } as const);
    return { trigger, minIntervalMs, lock: 'ours', written };
  }

  #warmth(): 'warm' | 'cold' {
    return this.#source.isWarm ? 'warm' : 'cold';
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

/** Of a session that cannot be told another look may tell, although nothing of it has changed. */
function isToldForSure({ sessions }: BriefContent): boolean {
  return sessions.every(({ state }) => state !== 'unknown');
}
