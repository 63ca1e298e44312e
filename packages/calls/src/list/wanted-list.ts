import { type LookupScope, type SessionId, type SessionListing, sightFile } from '@csa/session';
import type { SessionView } from '../view/session-view.ts';
import type { WarmSummary } from '../warm/status/warm-column.ts';
import type { Limit, SessionFilter, WantedState } from './session-filter.ts';
import { shortIds } from './short-ids.ts';
import { type Surveyed, type SurveyWish, startedSince, surveySessions } from './survey.ts';

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
  /** `null`: no cache was ever kept warm for it. */
  readonly warm: WarmSummary | null;
}

export interface WantedList<T> {
  readonly sessions: readonly T[];
  /** All sessions that exist in this place, wanted or not. */
  readonly total: number;
  /** Older ones that the limit left out. */
  readonly beyondLimit: number;
}

/** Which sessions there are, and what is kept of the wanted ones: nothing else of a look stays in memory. */
export interface Keeping<T> extends Pick<SurveyWish, 'seesLingering'> {
  readonly listing: SessionListing;
  readonly keep: (surveyed: Surveyed) => T;
}

const ALIVE: ReadonlySet<WantedState> = new Set(['alive']);

/** The newest of the wanted sessions, and the older ones that are still alive. @throws Refusal */
export async function wantedList<T>(
  scope: LookupScope,
  { filter, limit }: ListWish,
  { listing, keep, ...how }: Keeping<T>,
): Promise<WantedList<T>> {
  const within = startedSince(listing, filter.startedSince);
  const atMost = limit.kind === 'all' ? Number.POSITIVE_INFINITY : limit.count;
  const newest = await take(surveySessions(scope, { ...how, filter, listing: within, atMost }), keep, atMost);
  const older = newest.cutAt === undefined ? [] : within.ids.slice(within.ids.indexOf(newest.cutAt) + 1);
  const isAliveWanted = filter.states?.has('alive') ?? true;
  const ids = limit.kind === 'newest' && limit.andAlive && isAliveWanted ? withoutCompletion(older, listing) : [];
  const aliveOnly = { ...how, filter: { ...filter, states: ALIVE }, listing: { ...listing, ids } };
  const alive = await take(surveySessions(scope, aliveOnly), keep);
  return {
    sessions: [...newest.kept, ...alive.kept],
    total: listing.ids.length,
    beyondLimit: older.length - alive.kept.length,
  };
}

/** How the sessions of a listing are shown; what is kept warm for them is found out for all of them together. */
export function listedAs(listing: SessionListing, allProjects: boolean): (surveyed: Surveyed) => ListedSession {
  const short = allProjects ? (id: SessionId) => id : shortIds(listing.ids);
  return ({ located, view }) => ({
    ...view,
    short_id: short(located.session.id),
    project: located.project,
    warm: null,
  });
}

/** Up to so many of them; `cutAt`: the last one, where there may be more. */
async function take<T>(
  source: AsyncIterable<Surveyed>,
  keep: (surveyed: Surveyed) => T,
  atMost: number = Number.POSITIVE_INFINITY,
): Promise<{ readonly kept: T[]; readonly cutAt?: SessionId }> {
  const kept: T[] = [];
  for await (const surveyed of source) {
    if (kept.push(keep(surveyed)) === atMost) return { kept, cutAt: surveyed.located.session.id };
  }
  return { kept };
}

/** Those whose supervisor has not said that it left: one system call for each. */
function withoutCompletion(ids: readonly SessionId[], { directoryOf }: SessionListing): SessionId[] {
  return ids.filter((id) => {
    const directory = directoryOf(id);
    return directory === undefined || sightFile(directory, 'daemon-completion.toml').kind !== 'present';
  });
}
