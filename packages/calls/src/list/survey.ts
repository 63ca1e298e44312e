import { cleanLine } from '@csa/markers';
import {
  type LookupScope,
  listAllSessions,
  listSessions,
  projectAt,
  readMetadata,
  type Session,
  type SessionListing,
  sessionIdTime,
  sweptBearers,
} from '@csa/session';
import { exitCodeOf } from '../exit-code.ts';
import { hintTarget, type Located } from '../locate.ts';
import { MAX_TEXT_BYTES, phaseOf, type SessionView, viewSession } from '../view/session-view.ts';
import { type GlanceWish, glanceAt } from '../wait/glance.ts';
import type { WaitedSession } from '../wait/wait-session.ts';
import { isRuledOut } from './ruled-out.ts';
import { isInState, type SessionFilter } from './session-filter.ts';

/** A session that was wanted, and what one look showed of it. */
export interface Surveyed {
  readonly located: Located;
  readonly looked: WaitedSession;
  /** Read when somebody asks for it. */
  readonly view: SessionView;
}

export interface SurveyWish {
  readonly filter?: SessionFilter;
  readonly allProjects?: boolean;
  /** Which sessions there are, where that is known already. */
  readonly listing?: SessionListing;
  /** How many the reader will ask for, where it knows. */
  readonly atMost?: number;
  /** Whether a finished session is to tell that its supervisor has not left yet: that costs twice as much. */
  readonly seesLingering?: boolean;
}

/**
 * Sessions looked at side by side: a foreign one whose supervisor is gone takes a quarter of a second to confirm, in
 * which nothing is held open.
 */
const FIRST_WINDOW = 32;
const LAST_WINDOW = 1_024;

/**
 * The wanted sessions, newest first. Looks only as far as its reader asks for more: the cost grows with what is read,
 * not with what exists.
 * @throws Refusal reason=state-root-unreadable
 */
export async function* surveySessions(scope: LookupScope, wish: SurveyWish = {}): AsyncGenerator<Surveyed> {
  const { filter = {}, allProjects = false, listing = listingOf(scope, allProjects) } = wish;
  const { ids, open } = startedSince(listing, filter.startedSince);
  const glance: GlanceWish = { bearers: sweptBearers(), seesLingering: wish.seesLingering ?? false };
  let window = Math.min(LAST_WINDOW, Math.max(1, wish.atMost ?? FIRST_WINDOW));
  for (let at = 0; at < ids.length; at += window, window = Math.min(LAST_WINDOW, 2 * window)) {
    const opened = ids.slice(at, at + window).map(open);
    const there = opened.filter((session) => session !== undefined);
    const surveyed = await Promise.all(there.map((session) => survey(locatedAt(session, scope), filter, glance)));
    yield* surveyed.filter((one) => one !== undefined);
  }
}

/** The sessions by name, of one project or of all. @throws Refusal reason=state-root-unreadable */
export function listingOf(scope: LookupScope, allProjects: boolean): SessionListing {
  return allProjects ? listAllSessions(scope.roots) : listSessions(scope);
}

/** The part of a listing that is new enough, by the times in the ids. */
export function startedSince(listing: SessionListing, since: number | undefined): SessionListing {
  if (since === undefined) return listing;
  const tooOld = listing.ids.findIndex((id) => sessionIdTime(id) < since);
  return tooOld === -1 ? listing : { ...listing, ids: listing.ids.slice(0, tooOld) };
}

/** What metadata.toml tells of labels and tool; cheaper than a look. */
export function isMarked(session: Session, { tool, labels }: SessionFilter): boolean {
  const wanted = Array.from(labels ?? []);
  if (tool === undefined && wanted.length === 0) return true;
  const metadata = readMetadata(session);
  // A tool may be known from the result alone; labels stand nowhere else.
  if (metadata.kind !== 'present') return wanted.length === 0;
  if (!isTool(tool, cleanLine(metadata.value.tool, MAX_TEXT_BYTES))) return false;
  return wanted.every(([key, value]) => metadata.value.labels.get(key) === value);
}

/** Whether a session is wanted, once it has been looked at. */
export function isWanted(surveyed: Surveyed, filter: SessionFilter): boolean {
  return isLookedFor(surveyed.looked, filter) && (filter.tool === undefined || isTool(filter.tool, surveyed.view.tool));
}

export function locatedAt(session: Session, scope: LookupScope): Located {
  const project = projectAt(session.directory, scope.roots) ?? scope.project;
  return { session, scope, target: hintTarget(session, scope), project };
}

/** From the cheapest question to the dearest. */
async function survey(located: Located, filter: SessionFilter, glance: GlanceWish): Promise<Surveyed | undefined> {
  const { session, scope } = located;
  if (await isRuledOut(session, scope.roots, filter.states)) return undefined;
  if (!isMarked(session, filter)) return undefined;
  const looked = await glanceAt(located, glance);
  const surveyed = surveyedAs(located, looked);
  return isWanted(surveyed, filter) ? surveyed : undefined;
}

function surveyedAs(located: Located, looked: WaitedSession): Surveyed {
  let view: SessionView | undefined;
  return {
    located,
    looked,
    get view() {
      view ??= viewSession(located.session, looked);
      return view;
    },
  };
}

function isLookedFor(looked: WaitedSession, filter: SessionFilter): boolean {
  const { end } = looked.waited;
  return isInState({ state: phaseOf(looked), exit: end.kind === 'finished' ? exitCodeOf(end.outcome) : null }, filter);
}

function isTool(wanted: string | undefined, tool: string): boolean {
  return wanted === undefined || cleanLine(wanted, MAX_TEXT_BYTES) === tool;
}
