import type { LookupScope } from '@csa/session';
import { readWarmed } from '../warm/status/warm-column.ts';
import { listingOf } from './survey.ts';
import { type ListedSession, type ListWish, listedAs, type WantedList, wantedList } from './wanted-list.ts';

export interface ListAnswer extends WantedList<ListedSession> {
  readonly wish: ListWish;
}

/** @throws Refusal reason=state-root-unreadable */
export async function answerList(scope: LookupScope, wish: ListWish): Promise<ListAnswer> {
  const listing = listingOf(scope, wish.allProjects);
  const wanted = await wantedList(scope, wish, { listing, keep: listedAs(listing, wish.allProjects) });
  const warmed = await readWarmed(scope.roots, new Set(wanted.sessions.map(({ id }) => id)));
  const sessions = wanted.sessions.map((session) => ({ ...session, warm: warmed.get(session.id) ?? null }));
  return { ...wanted, sessions, wish };
}

/** One document: what was left out is counted in it. */
export function listDocument(answered: ListAnswer, { project }: LookupScope): object {
  const { sessions, total, beyondLimit, wish } = answered;
  return {
    schema: 'csa.session-list/1',
    project: wish.allProjects ? null : project,
    total,
    shown: sessions.length,
    beyond_limit: beyondLimit,
    sessions,
  };
}
