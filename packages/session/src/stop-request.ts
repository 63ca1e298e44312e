import { constants } from 'node:os';
import { writeAtomically } from './atomic-write.ts';
import { type Reading, readRareRecord } from './reading.ts';
import { requiredText } from './result.ts';
import { recordPlace, type Session } from './session.ts';
import { ownInteger, parseToml, stringifyToml, type TomlTable } from './toml.ts';

/** Who asked for a stop, when, why and how: a signal carries none of these. */
export interface StopRequest {
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly why: string;
  readonly signal: NodeJS.Signals;
  /** How long the command may take to end by itself before it is killed. */
  readonly graceMs: number;
}

const STOP_FILE = 'stop-request.toml';
const MAX_GRACE_MS = 7 * 24 * 3600 * 1000;

export function readStopRequest(session: Session): Reading<StopRequest> {
  return readRareRecord(recordPlace(session, STOP_FILE), parseStopRequest);
}

export function parseStopRequest(text: string): StopRequest {
  const table = parseToml(text);
  const graceMs = ownInteger(table, 'grace_ms');
  if (graceMs === undefined || graceMs < 0 || graceMs > MAX_GRACE_MS) {
    throw new Error('grace_ms is missing or out of range');
  }
  return {
    by: requiredText(table, 'by'),
    at: requiredText(table, 'at'),
    why: requiredText(table, 'why', true),
    signal: requiredSignal(table),
    graceMs,
  };
}

function requiredSignal(table: TomlTable): NodeJS.Signals {
  const name = requiredText(table, 'signal');
  if (Object.hasOwn(constants.signals, name)) return name as NodeJS.Signals;
  throw new Error(`signal ${JSON.stringify(name)} is unknown`);
}

/** @throws a system error */
export function recordStopRequest(session: Session, request: StopRequest): void {
  const text = stringifyToml({
    by: request.by,
    at: request.at,
    why: request.why,
    signal: request.signal,
    grace_ms: request.graceMs,
  });
  writeAtomically(recordPlace(session, STOP_FILE).path, text);
}
