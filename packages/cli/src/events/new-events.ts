import type { SessionView } from '@csa/calls/view';
import { type SessionId, type StopRequest, sessionIdTime } from '@csa/session';
import { boundLabels, cleanText, type EventType, eventId, type SessionEvent, silenceId } from './session-event.ts';

/** What one look at a session showed, as far as events are made of it; times in milliseconds since the epoch. */
export interface Observed {
  readonly session: SessionId;
  readonly seenAt: number;
  readonly view: Pick<
    SessionView,
    'state' | 'resolved' | 'tool' | 'description' | 'labels' | 'status' | 'exit' | 'session_exit' | 'reason'
  >;
  /** When it ended, if its record says so. */
  readonly endedAt: number | undefined;
  /** Of one that is alive. */
  readonly lastOutput: number | undefined;
  readonly stopRequest: Pick<StopRequest, 'by' | 'why'> | undefined;
  readonly survivor: number | undefined;
}

/** Which events have been told. */
export interface Known {
  has(id: string): boolean;
}

/** Later than any time that a record can hold, and still a time that JavaScript can write. */
const MAX_TIME = 8.64e15;
/** The reason of a result whose command was ended by a request to stop. */
const STOPPED_REASON = 'stopped';

/**
 * The events that looks at sessions show and that have not been told, in the order of their times; a session's start
 * comes before all else of it, whatever the clock did. `idleMs`: how long a silence lasts before it is told.
 */
export function newEvents(known: Known, observed: readonly Observed[], idleMs: number): SessionEvent[] {
  return observed
    .flatMap((look) => eventsOf(known, look, idleMs))
    .map((event) => ({ event, time: Math.max(Date.parse(event.at), sessionIdTime(event.session)) }))
    .sort((a, b) => a.time - b.time || compare(a.event.session, b.event.session))
    .map(({ event }) => event);
}

/** Whether this session's end was told: it is never looked at again. */
export function isOver(known: Known, session: SessionId): boolean {
  return known.has(eventId(session, 'finished')) || known.has(eventId(session, 'stopped'));
}

function eventsOf(known: Known, look: Observed, idleMs: number): SessionEvent[] {
  const { session } = look;
  const started = { type: 'started', id: eventId(session, 'started'), at: sessionIdTime(session) } as const;
  const events = [started, ...stateEvents(known, look, idleMs)];
  return events.filter(({ id }) => !known.has(id)).map((event) => describe(look, event));
}

interface Happening {
  readonly type: EventType;
  readonly id: string;
  readonly at: number;
}

function stateEvents(known: Known, look: Observed, idleMs: number): Happening[] {
  const { session, view, lastOutput, seenAt } = look;
  switch (view.state) {
    case 'alive':
      return lastOutput !== undefined && seenAt - lastOutput >= idleMs
        ? [{ type: 'output-idle', id: silenceId(session, lastOutput), at: lastOutput }]
        : [];
    case 'finished': {
      const type = view.reason === STOPPED_REASON && look.stopRequest !== undefined ? 'stopped' : 'finished';
      return isOver(known, session) ? [] : [{ type, id: eventId(session, type), at: look.endedAt ?? seenAt }];
    }
    case 'dead':
      return isOver(known, session) ? [] : [{ type: 'dead', id: eventId(session, 'dead'), at: seenAt }];
    case 'unknown':
      return [];
  }
}

function describe(look: Observed, { type, id, at }: Happening): SessionEvent {
  const { session, view, stopRequest } = look;
  const isEnd = type === 'finished' || type === 'stopped';
  const stopper = type === 'stopped' ? stopRequest : undefined;
  return {
    id,
    type,
    at: new Date(Math.min(Math.max(0, at), MAX_TIME)).toISOString(),
    session,
    resolved: view.resolved,
    tool: view.tool,
    description: view.description,
    labels: boundLabels(view.labels),
    status: isEnd ? view.status : null,
    exit: isEnd ? view.exit : null,
    session_exit: isEnd ? view.session_exit : null,
    reason: isEnd ? view.reason : null,
    idle_ms: type === 'output-idle' ? Math.round(look.seenAt - at) : null,
    stopped_by: stopper === undefined ? null : cleanText(stopper.by),
    stopped_why: stopper === undefined ? null : cleanText(stopper.why),
    survivor: type === 'dead' ? (look.survivor ?? null) : null,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
