import { type LookupScope, type SessionId, type SessionListing, sightFile } from '@csa/session';
import type { SessionView } from '../view/session-view.ts';
import type { Limit, SessionFilter, WantedState } from './session-filter.ts';
import { shortIds } from './short-ids.ts';
import { listingOf, type Surveyed, startedSince, surveySessions } from './survey.ts';

/** Which sessions a list is asked for. */
export interface ListWish {
  readonly filter: SessionFilter;
  readonly allProjects: boolean;
  readonly limit: Limit;
}

/** One session as a list shows it. */
export interface ListedSession extends SessionView {
  /** The shortest beginning that names it here for good; with all projects the whole id. */
  readonly short_id: string;
  readonly project: string;
}

export interface WantedList {
  readonly sessions: readonly Surveyed[];
  /** All sessions that exist in this place, wanted or not. */
  readonly total: number;
  /** Older ones that the limit left out. */
  readonly beyondLimit: number;
}

const ALIVE: ReadonlySet<WantedState> = new Set(['alive']);

/** The newest of the wanted sessions, and the older ones that are still alive. @throws Refusal */
export async function wantedList(
  scope: LookupScope,
  wish: ListWish,
  listing: SessionListing = listingOf(scope, wish.allProjects),
): Promise<WantedList> {
  const { filter, limit } = wish;
  const within = startedSince(listing, filter.startedSince);
  const atMost = limit.kind === 'all' ? Number.POSITIVE_INFINITY : limit.count;
  const newest = await take(surveySessions(scope, { filter, listing: within, atMost }), atMost);
  const last = newest.at(-1);
  const isCut = newest.length === atMost && last !== undefined;
  const older = isCut ? within.ids.slice(within.ids.indexOf(last.located.session.id) + 1) : [];
  const alive = limit.kind === 'newest' && limit.andAlive ? await aliveAmong(older, scope, { ...wish, listing }) : [];
  return { sessions: [...newest, ...alive], total: listing.ids.length, beyondLimit: older.length - alive.length };
}

/** How the sessions of a listing are shown. */
export function listedAs(listing: SessionListing, allProjects: boolean): (surveyed: Surveyed) => ListedSession {
  const short = allProjects ? (id: SessionId) => id : shortIds(listing.ids);
  return ({ located, view }) => ({
    ...view,
    short_id: short(located.session.id),
    project: located.project,
  });
}

async function take<T>(source: AsyncIterable<T>, atMost: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const one of source) if (taken.push(one) === atMost) break;
  return taken;
}

/** One system call for each session whose supervisor has said that it left. */
async function aliveAmong(
  older: readonly SessionId[],
  scope: LookupScope,
  { filter, listing }: ListWish & { readonly listing: SessionListing },
): Promise<Surveyed[]> {
  if (filter.states !== undefined && !filter.states.has('alive')) return [];
  const ids = older.filter((id) => !hasCompletion(listing.directoryOf(id)));
  const wish = { filter: { ...filter, states: ALIVE }, listing: { ...listing, ids } };
  return take(surveySessions(scope, wish), Number.POSITIVE_INFINITY);
}

function hasCompletion(directory: string | undefined): boolean {
  return directory !== undefined && sightFile(directory, 'daemon-completion.toml').kind === 'present';
}
