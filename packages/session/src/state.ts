import { writeAtomically, writeDurably } from './atomic-write.ts';
import { type Reading, readRecord } from './reading.ts';
import { requiredText } from './result.ts';
import { recordPlace, type Session } from './session.ts';
import type { SessionId } from './session-id.ts';
import { ownValue, parseToml, stringifyToml } from './toml.ts';

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
    project_path: state.projectPath.toWellFormed(),
    created_at: state.createdAt,
    last_accessed: state.createdAt,
    description: state.description.toWellFormed(),
    phase: 'active',
    turn_count: 0,
  });
  writeDurably(`${directory}/${STATE_FILE}`, text);
}

/** Marks the session as over; keys that others wrote are kept. @throws where state.toml cannot be read or written */
export function retireState(session: Session, terminationReason: string, at: string): void {
  const place = recordPlace(session, STATE_FILE);
  const reading = readRecord(place, parseToml);
  if (reading.kind !== 'present') throw new Error(`state.toml is ${reading.kind}`);
  const retired = { phase: 'retired', termination_reason: terminationReason, last_accessed: at };
  writeAtomically(place.path, stringifyToml(Object.assign(reading.value, retired)));
}
