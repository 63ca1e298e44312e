import { parseDuration } from '@csa/calls';
import { type LookupScope, parseIdOrPrefix, Refusal } from '@csa/session';
import { parseEventId, type SessionEvent } from './session-event.ts';

/** After which event a reader goes on. */
export type Since =
  | { readonly kind: 'beginning' }
  | { readonly kind: 'event'; readonly id: string }
  /** After this session's start; the beginning of an id will do. */
  | { readonly kind: 'session'; readonly prefix: string }
  /** Milliseconds since the epoch. */
  | { readonly kind: 'time'; readonly from: number };

const MAX_AGE_MS = 3_650 * 86_400_000;
const DURATION = /^(?:\d+|(?:\d+(?:ms|[dhms]))+)$/;

/**
 * Reads an event's id, a session's id or its beginning, or how long ago. What can be read as a duration is one.
 * @throws Refusal reason=bad-since | out-of-range | bad-duration
 */
export function parseSince(text: string, now: number): Since {
  const event = parseEventId(text);
  if (event !== undefined) return { kind: 'event', id: event.id };
  const isId = /^[0-9a-z]{26}$/i.test(text);
  if (!isId && DURATION.test(text)) {
    return { kind: 'time', from: now - parseDuration(text, { name: '--since', minMs: 0, maxMs: MAX_AGE_MS }) };
  }
  try {
    return { kind: 'session', prefix: parseIdOrPrefix(text) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw badSince(text);
  }
}

/** The events after the one that `since` names. @throws Refusal reason=since-unknown | ambiguous-id */
export function eventsSince(events: readonly SessionEvent[], since: Since, scope: LookupScope): SessionEvent[] {
  switch (since.kind) {
    case 'beginning':
      return [...events];
    case 'time':
      return events.filter((event) => Date.parse(event.at) >= since.from);
    case 'event':
      return after(events, (event) => event.id === since.id, unknownSince(since.id, scope));
    case 'session': {
      const starts = events.filter(({ type, session }) => type === 'started' && session.startsWith(since.prefix));
      if (starts.length > 1) throw ambiguous(since.prefix, starts.length);
      return after(events, (event) => event === starts[0], unknownSince(since.prefix, scope));
    }
  }
}

function after(events: readonly SessionEvent[], is: (event: SessionEvent) => boolean, unknown: Refusal) {
  const at = events.findIndex(is);
  if (at === -1) throw unknown;
  return events.slice(at + 1);
}

function badSince(text: string): Refusal {
  return new Refusal({
    reason: 'bad-since',
    what: '--since names no event',
    expected: "the id of an event (ULID.finished), a session's id, or a duration like 1h",
    got: JSON.stringify(text.slice(0, 80)),
    next: 'Copy the id of the last event that you have',
    command: ['session', 'events', '--help'],
  });
}

function unknownSince(got: string, { project }: LookupScope): Refusal {
  return new Refusal({
    reason: 'since-unknown',
    what: 'where to go on is not known any more, or belongs to another project',
    expected: `an event that is still in the journal of ${project}`,
    got,
    next: 'Read all events that are known, and go on after the last of them',
    command: ['session', 'events', '--cd', project],
  });
}

function ambiguous(prefix: string, count: number): Refusal {
  return new Refusal({
    reason: 'ambiguous-id',
    what: `${count} sessions begin with ${JSON.stringify(prefix)}`,
    expected: 'one match',
    got: `${count}`,
    next: 'Give more characters of the id',
    command: ['session', 'list'],
  });
}
