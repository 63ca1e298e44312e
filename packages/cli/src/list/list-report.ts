import type { ListAnswer } from '@csa/calls/list';
import type { LookupScope } from '@csa/session';
import { answer, type Report } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { listTable } from './list-table.ts';

const START_ONE = 'Start one: csa session start -- COMMAND';

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
