import type { ListedSession } from '@csa/calls/list';

/** One line of a list that a program watches. */
interface ListChange {
  readonly schema: 'csa.session-list-change/1';
  /** It is no part of the list any more. */
  readonly removed: boolean;
  /** Its directory is gone, or it is none of those asked for by now. */
  readonly removed_because: 'deleted' | 'filter' | null;
  /** What it is now; of a deleted one what it was. */
  readonly session: ListedSession;
}

/** Tells what has changed since it was last asked; at first, everything. */
export class ChangeLines {
  #before = new Map<string, { readonly listed: ListedSession; readonly key: string }>();

  /**
   * One JSON document a line: what came or changed, oldest first, then what is listed no more.
   * @param unlisted what a session is that is there and not listed
   */
  next(sessions: readonly ListedSession[], unlisted: (id: string) => ListedSession | undefined): string[] {
    const now = new Map(sessions.map((listed) => [listed.id, { listed, key: keyOf(listed) }]));
    const came = [...now].filter(([id, { key }]) => this.#before.get(id)?.key !== key);
    const gone = [...this.#before].filter(([id]) => !now.has(id));
    this.#before = now;
    return [
      ...came.toReversed().map(([, { listed }]) => line({ removed: false, removed_because: null, session: listed })),
      ...gone.map(([id, { listed }]) => line(removal(listed, unlisted(id)))),
    ];
  }
}

function removal(before: ListedSession, now: ListedSession | undefined): Omit<ListChange, 'schema'> {
  return { removed: true, removed_because: now === undefined ? 'deleted' : 'filter', session: now ?? before };
}

function line(change: Omit<ListChange, 'schema'>): string {
  return JSON.stringify({ schema: 'csa.session-list-change/1', ...change } satisfies ListChange);
}

/** Times that merely pass are no change. */
function keyOf(listed: ListedSession): string {
  const warm = listed.warm && { ...listed.warm, left_ms: null };
  return JSON.stringify({ ...listed, elapsed_ms: 0, idle_ms: 0, warm });
}
