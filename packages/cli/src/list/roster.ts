import type { Located } from '@csa/calls';
import {
  isMarked,
  isWanted,
  type ListedSession,
  type ListWish,
  listedAs,
  listingOf,
  locatedAt,
  type Surveyed,
  wantedList,
} from '@csa/calls/list';
import { readWarmed, type WarmSummary } from '@csa/calls/warm';
import {
  ListingWatch,
  type LookupScope,
  readMetadata,
  type Session,
  type SessionId,
  type SessionListing,
} from '@csa/session';
import { BoundedWatching } from '@csa/wait';
import { Followed } from './followed.ts';
import { keptRecords } from './kept-records.ts';

/** A session of a list that is watched. */
export interface Watched extends Surveyed {
  readonly listed: ListedSession;
}

/** How many are looked at again at once because time has passed: what this costs has a bound. */
const LOOKS_AT_ONCE = 64;
/** The names are read anew this often although nothing told of a change. */
const SAFETY_LIST_MS = 4_000;
const BLIND_LIST_MS = 1_000;

/** The sessions of a list, kept as they are now. */
export class Roster {
  readonly #scope: LookupScope;
  readonly #wish: ListWish;
  readonly #onHint: () => void;
  readonly #names: ListingWatch;
  readonly #watching = new BoundedWatching();
  readonly #records = keptRecords();
  readonly #followed = new Map<SessionId, Followed>();
  /** Known by name, and not wanted. */
  readonly #passed = new Set<SessionId>();
  #asListed: ReturnType<typeof listedAs> | undefined;
  #warmed: ReadonlyMap<string, WarmSummary> = new Map();
  #namesHinted = true;
  #namesDueAt = 0;

  constructor(scope: LookupScope, wish: ListWish, onHint: () => void) {
    this.#scope = scope;
    this.#wish = wish;
    this.#onHint = onHint;
    this.#names = new ListingWatch(scope, () => {
      this.#namesHinted = true;
      onHint();
    });
  }

  /** Reads what may have changed; gives the wanted sessions, newest first. @throws Refusal, and may be asked again */
  async look(): Promise<Watched[]> {
    if (this.#namesHinted || this.#namesDueAt <= performance.now()) await this.#readNames();
    await Promise.all(this.#due().map((followed) => followed.look()));
    this.#warmed = await readWarmed(this.#scope.roots, new Set(this.#followed.keys()));
    return this.#shown();
  }

  /** What a followed session is now, wanted or not; `undefined` once it has gone. */
  listed(id: string): ListedSession | undefined {
    const followed = this.#followed.get(id as SessionId);
    return followed?.surveyed === undefined || followed.isLost ? undefined : this.#listedAs(followed.surveyed);
  }

  /** Milliseconds until something is to be looked at although nothing told of a change. */
  restMs(): number {
    const dueAt = [...this.#followed.values()].map((followed) => followed.dueAt);
    return Math.min(this.#namesDueAt, ...dueAt) - performance.now();
  }

  close(): void {
    this.#names.close();
    for (const followed of this.#followed.values()) followed.close();
  }

  async #readNames(): Promise<void> {
    const { allProjects } = this.#wish;
    this.#namesHinted = false;
    // Should it fail.
    this.#namesDueAt = performance.now() + BLIND_LIST_MS;
    // Watched before they are read: what comes in between is told. Other projects are found by and by.
    this.#names.refresh();
    const listing = listingOf(this.#scope, allProjects);
    if (this.#asListed === undefined) await this.#begin(listing);
    else this.#compare(listing);
    this.#asListed = listedAs(listing, allProjects);
    const isTold = this.#names.works || allProjects;
    this.#namesDueAt = performance.now() + (isTold ? SAFETY_LIST_MS : BLIND_LIST_MS);
  }

  /** The sessions that a list would show, and those whose end may make them wanted. */
  async #begin(listing: SessionListing): Promise<void> {
    const alive = { ...this.#wish, filter: { ...this.#wish.filter, states: new Set(['alive'] as const) } };
    // Whose supervisor has left is never looked at again.
    const keeping = { listing, keep: (surveyed: Surveyed) => surveyed, seesLingering: true };
    const lists = [await wantedList(this.#scope, this.#wish, keeping), await wantedList(this.#scope, alive, keeping)];
    for (const surveyed of lists.flatMap(({ sessions }) => sessions)) {
      if (!this.#followed.has(surveyed.located.session.id)) this.#follow(surveyed.located).begin(surveyed.looked);
    }
    for (const id of listing.ids) if (!this.#followed.has(id)) this.#passed.add(id);
  }

  #compare(listing: SessionListing): void {
    const there = new Set(listing.ids);
    for (const [id, followed] of this.#followed) if (!there.has(id) || followed.isLost) this.#forget(id, followed);
    for (const id of listing.ids)
      if (!this.#followed.has(id) && !this.#passed.has(id)) this.#meet(id, listing.open(id));
  }

  #forget(id: SessionId, followed: Followed): void {
    followed.close();
    this.#followed.delete(id);
  }

  #meet(id: SessionId, session: Session | undefined): void {
    if (session === undefined) return;
    if (isMarked(session, this.#wish.filter)) this.#follow(locatedAt(session, this.#scope));
    // What cannot be read for now may be wanted.
    else if (readMetadata(session).kind !== 'error') this.#passed.add(id);
  }

  #follow(located: Located): Followed {
    const parts = { onHint: this.#onHint, watching: this.#watching, records: this.#records };
    const followed = new Followed(located, parts);
    this.#followed.set(located.session.id, followed);
    return followed;
  }

  /** `undefined` before the names were read. */
  #listedAs(surveyed: Surveyed): ListedSession | undefined {
    const listed = this.#asListed?.(surveyed);
    return listed && { ...listed, warm: this.#warmed.get(listed.id) ?? null };
  }

  #due(): Followed[] {
    const now = performance.now();
    const due = [...this.#followed.values()].filter(({ dueAt }) => dueAt <= now);
    const hinted = due.filter(({ isHinted }) => isHinted);
    const byTime = due.filter(({ isHinted }) => !isHinted).sort((a, b) => a.dueAt - b.dueAt);
    return [...hinted, ...byTime.slice(0, LOOKS_AT_ONCE)];
  }

  #shown(): Watched[] {
    const surveyed = [...this.#followed.values()].flatMap((followed) =>
      followed.surveyed === undefined || followed.isLost ? [] : [followed.surveyed],
    );
    return surveyed
      .filter((one) => isWanted(one, this.#wish.filter))
      .flatMap((one) => {
        const listed = this.#listedAs(one);
        return listed === undefined ? [] : [{ ...one, listed }];
      })
      .sort((a, b) => (a.listed.id < b.listed.id ? 1 : -1));
  }
}
