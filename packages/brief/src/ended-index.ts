import { type Session, type SessionId, type SessionListing, sessionIdTime } from '@csa/session';
import type { EndedSession } from './ended-session.ts';
import { IndexFile } from './index-file.ts';
import { type Sight, sightOf } from './sight.ts';
import type { Watermark } from './watermark.ts';

/** What is said of a session that has ended for good; `undefined` of every other one. */
export type Judge = (session: Session) => EndedSession | undefined | Promise<EndedSession | undefined>;

export interface EndedLook {
  /** Newest first. */
  readonly ended: readonly EndedSession[];
  /** All others: alive, or not to be told; newest first. */
  readonly others: readonly SessionId[];
  readonly watermark: Watermark;
}

interface Seen {
  readonly id: SessionId;
  readonly directory: string;
  readonly sight: Sight;
}

/** Judged side by side. */
const WINDOW = 256;
/** Reading so many takes no long time. */
const FEW = 100;

/**
 * Sessions that ended for good do not change, but where somebody rewrites them: each is judged once, and then known by
 * the names and times of its directory and of the two files that say how it ended. It outlives the process.
 */
export class EndedIndex {
  readonly #judge: Judge;
  readonly #file: IndexFile;

  /** @param workshop the project's: {@link BriefPlaces} */
  constructor(workshop: string, judge: Judge) {
    this.#judge = judge;
    this.#file = new IndexFile(workshop);
  }

  /** Whether a look would read little: most of what has a result is remembered. Never throws. */
  isWarm(listing: SessionListing): boolean {
    let unread = 0;
    for (const { directory, sight } of seenIn(listing)) {
      if (sight.hasResult && this.#file.get(directory, sight) === undefined) unread += 1;
      if (unread > FEW) return false;
    }
    return true;
  }

  /**
   * One look at all sessions by name and times; what is not remembered is judged.
   * @throws what the judge throws, and the signal's reason
   */
  async look(listing: SessionListing, signal?: AbortSignal): Promise<EndedLook> {
    const all = seenIn(listing);
    const judged: (EndedSession | undefined)[] = [];
    for (let at = 0; at < all.length; at += WINDOW) {
      signal?.throwIfAborted();
      judged.push(...(await Promise.all(all.slice(at, at + WINDOW).map((seen) => this.#endOf(seen, listing)))));
    }
    const ended = judged.filter((one) => one !== undefined);
    return {
      ended,
      others: all.flatMap(({ id }, index) => (judged[index] === undefined ? [id] : [])),
      watermark: watermarkOf(all, ended),
    };
  }

  /** Writes down what was judged, and forgets what no look has found. Never throws. */
  remember(): void {
    this.#file.write();
  }

  #endOf(
    { id, directory, sight }: Seen,
    listing: SessionListing,
  ): EndedSession | undefined | Promise<EndedSession | undefined> {
    return this.#file.get(directory, sight) ?? this.#judgeAnew({ id, directory, sight }, listing);
  }

  async #judgeAnew({ id, directory, sight }: Seen, { open }: SessionListing): Promise<EndedSession | undefined> {
    const session = open(id);
    const ended = session && (await this.#judge(session));
    if (ended !== undefined) this.#file.put(directory, sight, ended);
    return ended;
  }
}

function seenIn({ ids, directoryOf }: SessionListing): Seen[] {
  return ids.flatMap((id) => {
    const directory = directoryOf(id);
    const sight = directory === undefined ? undefined : sightOf(directory);
    return directory === undefined || sight === undefined ? [] : [{ id, directory, sight }];
  });
}

function watermarkOf(all: readonly Seen[], ended: readonly EndedSession[]): Watermark {
  const newest = all[0]?.id ?? null;
  const ends = ended.flatMap(({ endedAt }) => endedAt ?? []);
  return {
    records_count: all.length,
    max_id: newest,
    max_started_at: newest === null ? null : new Date(sessionIdTime(newest)).toISOString(),
    max_completed_at: ends.length === 0 ? null : iso(ends.reduce((a, b) => Math.max(a, b))),
    sequence: all.reduce((latest, { sight }) => Math.max(latest, sight.changedAt), 0),
  };
}

function iso(ms: number): string | null {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
