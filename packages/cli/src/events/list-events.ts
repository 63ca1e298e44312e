import type { Hints } from '@csa/calls';
import type { LookupScope } from '@csa/session';
import { answer, type Report } from '../report.ts';
import { EventFeed } from './event-feed.ts';
import { EventLines } from './event-lines.ts';
import type { SessionEvent } from './session-event.ts';
import { eventsSince, type Since } from './since.ts';

export interface EventsWish {
  readonly since: Since;
  /** How long a silence lasts before it is told, in milliseconds. */
  readonly idleMs: number;
  readonly json: boolean;
  readonly hasColour: boolean;
}

export interface ListWish extends EventsWish {
  /** At most so many: the newest, or those that come first after `since`; `undefined`: all. */
  readonly limit: number | undefined;
}

/** The events that are known now. @throws Refusal reason=since-unknown | ambiguous-id | state-root-unreadable | io-error */
export async function listEvents(scope: LookupScope, wish: ListWish, hints: Hints): Promise<Report> {
  const warnings: string[] = [];
  const feed = new EventFeed(scope, { idleMs: wish.idleMs, warn: (line) => warnings.push(`csa: ${line}`) });
  const events = bounded(eventsSince(await feed.look(), wish.since, scope), wish);
  if (events.length === 0 && !wish.json) warnings.push(nothing(scope, wish));
  return answer(new EventLines(scope, hints, wish).of(events), warnings);
}

function bounded(events: readonly SessionEvent[], { limit, since }: ListWish): readonly SessionEvent[] {
  if (limit === undefined) return events;
  return since.kind === 'beginning' ? events.slice(Math.max(0, events.length - limit)) : events.slice(0, limit);
}

function nothing({ project }: LookupScope, { since }: ListWish): string {
  return since.kind === 'beginning' ? `No sessions in ${project} yet` : 'Nothing has happened since';
}
