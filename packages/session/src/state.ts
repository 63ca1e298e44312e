import { isDeepStrictEqual } from 'node:util';
import { writeAtomically, writeDurably } from './atomic-write.ts';
import { type Reading, readRecord } from './reading.ts';
import { requiredText } from './result.ts';
import { recordPlace, type Session } from './session.ts';
import type { SessionId } from './session-id.ts';
import { ownValue, parseToml, stringifyToml, type TomlTable } from './toml.ts';

/** What a session is for people: it never decides an outcome. */
export interface SessionState {
  readonly id: string;
  readonly projectPath: string;
  readonly description: string;
  readonly createdAt: string;
  readonly phase: string;
}

export interface NewState {
  readonly id: SessionId;
  readonly projectPath: string;
  readonly description: string;
  /** RFC 3339. */
  readonly createdAt: string;
}

const STATE_FILE = 'state.toml';
/** Lines that look like the key, within texts of several lines for example. */
const MAX_CANDIDATES = 8;

export function readState(session: Session): Reading<SessionState> {
  return readRecord(recordPlace(session, STATE_FILE), parseState);
}

export function parseState(text: string): SessionState {
  const table = parseToml(text);
  const optional = (key: string): string => {
    const value = ownValue(table, key);
    return typeof value === 'string' ? value : '';
  };
  return {
    id: requiredText(table, 'meta_session_id'),
    projectPath: optional('project_path'),
    description: optional('description'),
    createdAt: optional('created_at'),
    phase: optional('phase'),
  };
}

/** The smallest form that the older reader accepts. @throws a system error */
export function recordNewState(directory: string, state: NewState): void {
  const text = stringifyToml({
    meta_session_id: state.id,
    project_path: state.projectPath,
    created_at: state.createdAt,
    last_accessed: state.createdAt,
    description: state.description,
    phase: 'active',
    turn_count: 0,
  });
  writeDurably(`${directory}/${STATE_FILE}`, text);
}

/**
 * Marks the session as over; whatever others wrote is kept to the letter, comments and number forms too.
 * @throws where state.toml cannot be read, changed or written
 */
export function retireState(session: Session, terminationReason: string, at: string): void {
  const place = recordPlace(session, STATE_FILE);
  const reading = readRecord(place, (text) => {
    parseToml(text);
    return text;
  });
  if (reading.kind !== 'present') throw new Error(`state.toml is ${reading.kind}`);
  const retired = { phase: 'retired', termination_reason: terminationReason, last_accessed: at };
  const text = Object.entries(retired).reduce((before, [key, value]) => withKey(before, key, value), reading.value);
  writeAtomically(place.path, text);
}

/** The document with this key of its root set. A line is replaced only where nothing else changes its meaning. */
function withKey(text: string, key: string, value: string): string {
  const line = stringifyToml({ [key]: value });
  const before = parseToml(text);
  // The first line always belongs to the root.
  if (!Object.hasOwn(before, key)) return line + text;
  const wanted = { ...before, [key]: value };
  const lines = new RegExp(`^[ \\t]*["']?${key}["']?[ \\t]*=.*(?:\\n|$)`, 'gm');
  for (const match of Array.from(text.matchAll(lines)).slice(0, MAX_CANDIDATES)) {
    const candidate = text.slice(0, match.index) + line + text.slice(match.index + match[0].length);
    if (isDeepStrictEqual(parsedOrNothing(candidate), wanted)) return candidate;
  }
  throw new Error(`state.toml: ${key} is written in a form that cannot be changed safely`);
}

function parsedOrNothing(text: string): TomlTable | undefined {
  try {
    return { ...parseToml(text) };
  } catch {
    return undefined;
  }
}
