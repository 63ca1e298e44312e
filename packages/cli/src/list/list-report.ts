import type { LookupScope } from '@csa/session';
import { answer, type Report } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { readWarmed } from '../warm/status/warm-column.ts';
import { listTable } from './list-table.ts';
import { listingOf } from './survey.ts';
import { type ListedSession, type ListWish, listedAs, type WantedList, wantedList } from './wanted-list.ts';

const START_ONE = 'Start one: csa session start -- COMMAND';

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
export function listDocument(answered: ListAnswer, { project }: LookupScope): Report {
  const { sessions, total, beyondLimit, wish } = answered;
  const document = {
    schema: 'csa.session-list/1',
    project: wish.allProjects ? null : project,
    total,
    shown: sessions.length,
    beyond_limit: beyondLimit,
    sessions,
  };
  return answer([JSON.stringify(document)]);
}

/** A table on standard output; what it does not show is said on standard error. */
export function listReport(answered: ListAnswer, { project }: LookupScope, terminal: Terminal): Report {
  const { sessions, wish } = answered;
  const place = wish.allProjects ? 'any project' : project;
  if (sessions.length === 0) return answer([], [emptyNote(answered, place)]);
  return answer(listTable(sessions, wish.allProjects, terminal), leftOutNote(answered));
}

function emptyNote({ total, beyondLimit }: ListAnswer, place: string): string {
  if (total === 0) return `No sessions in ${place} yet. ${START_ONE}`;
  return beyondLimit === 0 ? `None of the ${total} sessions in ${place} is one of those asked for.` : '';
}

function leftOutNote({ beyondLimit, wish: { limit, filter } }: ListAnswer): string[] {
  if (beyondLimit === 0) return [];
  const some = beyondLimit === 1 ? '1 older session' : `${beyondLimit} older sessions`;
  const knowsAlive = limit.kind === 'newest' && limit.andAlive && (filter.states?.has('alive') ?? true);
  return [
    knowsAlive
      ? `${some} not shown, none of them alive; --limit all shows every one.`
      : `${some} not looked at; --limit all looks at every one.`,
  ];
}
