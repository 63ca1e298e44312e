import { setImmediate } from 'node:timers/promises';
import { type Session, type SessionId, type SessionListing, sessionIdTime } from '@csa/session';
import type { EndedSession } from './ended-session.ts';
import { IndexFile } from './index-file.ts';
import { type Sight, sightOf } from './sight.ts';
import { mayHideAnother, type Watermark } from './watermark.ts';

/** What is said of a session that has ended for good; `undefined` of every other one. */
export type Judge = (session: Session) => MaybeLater<EndedSession | undefined>;

type MaybeLater<T> = T | Promise<T>;

export interface Glimpse {
  readonly watermark: Watermark;
  /** Whether all that has a result is remembered by now; else a look has much to read. */
  readonly isWarm: boolean;
}

export interface EndedLook {
  /** Newest first. */
  readonly ended: readonly EndedSession[];
  /** All others: alive, or not to be told; newest first. */
  readonly others: readonly SessionId[];
}

interface Seen {
  readonly id: SessionId;
  readonly directory: string;
  readonly sight: Sight;
}

/** Judged side by side: of a foreign session whose supervisor is gone that takes a quarter of a second of waiting. */
const WINDOW = 1_024;
/** Milliseconds of work without a pause. */
const SLICE_MS = 50;
/** So many results more are read in no time. */
const FEW = 100;

/**
 * Sessions that ended for good do not change, but where somebody rewrites them: each is judged once, and known from then
 * on by the names and times of its directory and of the two files that say how it ended, also to the next process.
 */
export class EndedIndex {
  readonly #judge: Judge;
  readonly #file: IndexFile;
  #directories: readonly string[] = [];

  /** @param workshop the project's, as `briefPlaces` has it */
  constructor(workshop: string, judge: Judge) {
    this.#judge = judge;
    this.#file = new IndexFile(workshop);
  }

  /**
   * How far the records have come, by names, times and what is remembered. The results of a few sessions that ended
   * since are read too; with many of them it says that it is not warm.
   * @throws what the judge throws
   */
  async glimpse(listing: SessionListing): Promise<Glimpse> {
    const all = this.#seenIn(listing);
    const unread = all.filter(({ directory, sight }) => sight.hasResult && !this.#file.has(directory, sight));
    const isWarm = unread.length <= FEW;
    if (isWarm) await this.#endsOf(unread, listing);
    return { watermark: this.#watermarkOf(all), isWarm };
  }

  /**
   * All sessions; what is not remembered is judged.
   * @throws what the judge throws, and the signal's reason
   */
  async look(listing: SessionListing, signal?: AbortSignal): Promise<EndedLook> {
    const all = this.#seenIn(listing);
    const ends = await this.#endsOf(all, listing, signal);
    return {
      ended: ends.filter((end) => end !== undefined),
      others: all.flatMap(({ id }, index) => (ends[index] === undefined ? [id] : [])),
    };
  }

  /** Writes down what was judged, and forgets what was not seen at the last look. Never throws. */
  remember(): void {
    this.#file.write(this.#directories);
  }

  #seenIn({ ids, directoryOf }: SessionListing): Seen[] {
    const all = ids.flatMap((id) => {
      const directory = directoryOf(id);
      const sight = directory === undefined ? undefined : sightOf(directory);
      return directory === undefined || sight === undefined ? [] : [{ id, directory, sight }];
    });
    this.#directories = all.map(({ directory }) => directory);
    return all;
  }

  async #endsOf(
    all: readonly Seen[],
    listing: SessionListing,
    signal?: AbortSignal,
  ): Promise<(EndedSession | undefined)[]> {
    const ends: (EndedSession | undefined)[] = [];
    for (let at = 0; at < all.length; at += WINDOW) {
      ends.push(...(await this.#endsOfWindow(all.slice(at, at + WINDOW), listing, signal)));
    }
    return ends;
  }

  async #endsOfWindow(
    seen: readonly Seen[],
    listing: SessionListing,
    signal: AbortSignal | undefined,
  ): Promise<(EndedSession | undefined)[]> {
    const ends: MaybeLater<EndedSession | undefined>[] = [];
    const pause = new Pause();
    for (const one of seen) {
      // What is judged without waiting would let no timer in between, and a signal may be given by one.
      await pause.whenDue();
      signal?.throwIfAborted();
      const end = this.#endOf(one, listing);
      // It is heard of below, with all the others.
      if (end instanceof Promise) end.catch(() => undefined);
      ends.push(end);
    }
    return Promise.all(ends);
  }

  #endOf(seen: Seen, listing: SessionListing): MaybeLater<EndedSession | undefined> {
    return this.#file.get(seen.directory, seen.sight) ?? this.#judged(seen, listing);
  }

  async #judged({ id, directory, sight }: Seen, { open }: SessionListing): Promise<EndedSession | undefined> {
    const lookedAt = Date.now();
    const session = open(id);
    const ended = session && (await this.#judge(session));
    if (ended === undefined) return undefined;
    // What changed while it was read, or may change once more within the same tick of the clock, is read again.
    const isSame = sightOf(directory)?.mark === sight.mark && !mayHideAnother(sight.changedAt, lookedAt);
    if (isSame) this.#file.put(directory, sight, ended);
    return ended;
  }

  #watermarkOf(all: readonly Seen[]): Watermark {
    const newest = all[0]?.id ?? null;
    const ends = all.flatMap(({ directory, sight }) => this.#file.get(directory, sight)?.endedAt ?? []);
    return {
      records_count: all.length,
      max_id: newest,
      max_started_at: newest === null ? null : iso(sessionIdTime(newest)),
      max_completed_at: ends.length === 0 ? null : iso(ends.reduce((a, b) => Math.max(a, b))),
      sequence: all.reduce((latest, { sight }) => Math.max(latest, sight.changedAt), 0),
    };
  }
}

function iso(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Lets timers run in the midst of long work. */
class Pause {
  #workedSince = performance.now();

  async whenDue(): Promise<void> {
    if (performance.now() - this.#workedSince < SLICE_MS) return;
    await setImmediate();
    this.#workedSince = performance.now();
  }
}
