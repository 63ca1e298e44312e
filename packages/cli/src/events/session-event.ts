import { cleanLine } from '@csa/markers';
import { isSessionId, type SessionId } from '@csa/session';

const EVENT_TYPES = ['started', 'output-idle', 'finished', 'stopped', 'dead'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Something that happened to a session; all text is clean and bounded. */
export interface SessionEvent {
  /** The same for the same event, whoever derived it. */
  readonly id: string;
  readonly type: EventType;
  /** RFC 3339: the start, the end, the last output before a silence; of a death and an end without a time, when it was found. */
  readonly at: string;
  readonly session: SessionId;
  /** The session that a wrapper stands for. */
  readonly resolved: string | null;
  readonly tool: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: string | null;
  /** What a wait would exit with. */
  readonly exit: number | null;
  readonly session_exit: number | null;
  readonly reason: string | null;
  /** How long the session had been silent when that was found. */
  readonly idle_ms: number | null;
  /** Who asked for a stop, and why. */
  readonly stopped_by: string | null;
  readonly stopped_why: string | null;
  /** A process of the command that outlived its supervisor. */
  readonly survivor: number | null;
}

const MAX_TEXT_BYTES = 200;
const MAX_LABELS = 16;
const EVENT_ID = /^([0-7][0-9A-HJKMNP-TV-Z]{25})\.(started|finished|stopped|dead|output-idle\.\d{1,16})$/;
/** As Date writes it, the years after 9999 included. */
const TIME = /^(?:\d{4}|\+\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** `lastOutput`: milliseconds since the epoch; a silence is told once. */
export function silenceId(session: SessionId, lastOutput: number): string {
  return `${session}.output-idle.${Math.max(0, Math.floor(lastOutput))}`;
}

export function eventId(session: SessionId, type: Exclude<EventType, 'output-idle'>): string {
  return `${session}.${type}`;
}

/** What an event's id says; the id may be in lower case, as people type. */
export function parseEventId(text: string): { readonly id: string; readonly session: SessionId } | undefined {
  const at = text.indexOf('.');
  const id = text.slice(0, at).toUpperCase() + text.slice(at).toLowerCase();
  const session = EVENT_ID.exec(id)?.[1];
  return session !== undefined && isSessionId(session) ? { id, session } : undefined;
}

/** Reads an event out of a journal, which nobody vouches for; `undefined` for what is none. */
export function parseEvent(value: unknown): SessionEvent | undefined {
  const fields = new Fields(value);
  const { id, session } = parseEventId(fields.text('id') ?? '') ?? {};
  const type = EVENT_TYPES.find((known) => known === fields.text('type'));
  const at = fields.text('at') ?? '';
  if (id === undefined || session === undefined || session !== fields.text('session')) return undefined;
  if (type === undefined || !id.startsWith(`${session}.${type}`)) return undefined;
  if (!TIME.test(at) || Number.isNaN(Date.parse(at))) return undefined;
  return {
    id,
    type,
    at,
    session,
    resolved: fields.clean('resolved'),
    tool: fields.clean('tool') ?? '',
    description: fields.clean('description') ?? '',
    labels: boundLabels(fields.value('labels')),
    status: fields.clean('status'),
    exit: fields.integer('exit', 0, 255),
    session_exit: fields.integer('session_exit'),
    reason: fields.clean('reason'),
    idle_ms: fields.integer('idle_ms', 0),
    stopped_by: fields.clean('stopped_by'),
    stopped_why: fields.clean('stopped_why'),
    survivor: fields.integer('survivor', 1),
  };
}

export function cleanText(text: string): string {
  return cleanLine(text, MAX_TEXT_BYTES);
}

/** The first labels; no prototype: one may be called `__proto__`. */
export function boundLabels(labels: unknown): Record<string, string> {
  const bound: Record<string, string> = Object.create(null);
  if (typeof labels !== 'object' || labels === null) return bound;
  for (const [key, value] of Object.entries(labels).slice(0, MAX_LABELS)) {
    if (typeof value === 'string') bound[cleanText(key)] = cleanText(value);
  }
  return bound;
}

/** Known keys, read one by one. */
class Fields {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  value(key: string): unknown {
    const table = this.#value;
    if (typeof table !== 'object' || table === null || !Object.hasOwn(table, key)) return undefined;
    return (table as Record<string, unknown>)[key];
  }

  text(key: string): string | undefined {
    const value = this.value(key);
    return typeof value === 'string' ? value : undefined;
  }

  clean(key: string): string | null {
    const text = this.text(key);
    return text === undefined ? null : cleanText(text);
  }

  integer(key: string, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): number | null {
    const value = this.value(key);
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return null;
    return min <= value && value <= max ? value : null;
  }
}
