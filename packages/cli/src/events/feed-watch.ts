import { ListingWatch, type LookupScope, type Session } from '@csa/session';
import { BoundedWatching, SessionSource, type SourceWatch } from '@csa/wait';

/** Hints on everything that may make an event: sessions that appear, change or lose their supervisor. */
export class FeedWatch {
  readonly #scope: LookupScope;
  readonly #onHint: () => void;
  readonly #listing: ListingWatch;
  readonly #watching = new BoundedWatching();
  readonly #sessions = new Map<string, SourceWatch>();

  constructor(scope: LookupScope, onHint: () => void) {
    this.#scope = scope;
    this.#onHint = onHint;
    this.#listing = new ListingWatch(scope, onHint);
  }

  /** Whether every change will be told; else look more often. */
  get complete(): boolean {
    return this.#listing.works && Array.from(this.#sessions.values()).every((watch) => watch.complete);
  }

  /** Before a look: what appears while it lasts is told. */
  refresh(): void {
    this.#listing.refresh();
  }

  /** Watches exactly these from now on; `true`: some are new, and what they did before is told by another look. */
  async follow(sessions: readonly Session[]): Promise<boolean> {
    const wanted = new Map(sessions.map((session) => [session.directory, session]));
    for (const [directory, watch] of this.#sessions) {
      if (wanted.has(directory)) continue;
      watch.close();
      this.#sessions.delete(directory);
    }
    const added = sessions.filter(({ directory }) => !this.#sessions.has(directory));
    await Promise.all(added.map((session) => this.#watch(session)));
    return added.length > 0;
  }

  close(): void {
    this.#listing.close();
    for (const watch of this.#sessions.values()) watch.close();
  }

  /** The lifeline is held by a look of the source's own. */
  async #watch(session: Session): Promise<void> {
    const source = new SessionSource(session, this.#scope.roots, this.#watching);
    this.#sessions.set(session.directory, source.watch(this.#onHint));
    await source.observe();
  }
}
