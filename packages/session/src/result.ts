import { type Reading, readRecord } from './reading.ts';
import { recordPlace, type Session } from './session.ts';
import { ownInteger, ownValue, parseToml, stringifyToml, type TomlTable } from './toml.ts';

/** The record that decides: result.toml. Times are RFC 3339 with an offset. */
export interface SessionResult {
  readonly status: string;
  readonly exitCode: number;
  /** May be empty or hold many lines; untrusted. */
  readonly summary: string;
  readonly tool: string;
  readonly startedAt: string;
  readonly completedAt: string;
  /** The process's own exit code where the command's report said another. */
  readonly processExitCode?: number;
  /** Why the command was ended: a time limit, a stop and by whom, why it could not start. */
  readonly reason?: string;
  readonly warnings?: readonly string[];
}

export const RESULT_FILE = 'result.toml';

const DATE = '\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])';
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d';
// A leap second is 60.
const RFC3339 = new RegExp(`^${DATE}[Tt ]${CLOCK}:(?:[0-5]\\d|60)(?:\\.\\d+)?(?:[Zz]|[+-]${CLOCK})$`);
/** Cut inside of a number: `13` without a line feed may have been 137. */
const CUT_NUMBER = /exit_code[ \t]*=[ \t]*[-+\w]+$/;
const MIN_I32 = -(2 ** 31);
const MAX_I32 = 2 ** 31 - 1;

export function readResult(session: Session): Reading<SessionResult> {
  return readRecord(recordPlace(session, RESULT_FILE), parseResult);
}

/** All six required keys or an error: of a result cut anywhere, a fifth of the beginnings is valid TOML. */
export function parseResult(text: string): SessionResult {
  if (CUT_NUMBER.test(text)) throw new Error('it ends inside of an exit code');
  const table = parseToml(text);
  const processExitCode = ownInteger(table, 'raw_process_exit_code');
  // The older program says why it killed in another key.
  const reason = ownValue(table, 'reason') ?? ownValue(table, 'kill_hint');
  const warnings = ownValue(table, 'warnings');
  return {
    status: requiredText(table, 'status'),
    exitCode: requiredInteger(table, 'exit_code'),
    summary: requiredText(table, 'summary', true),
    tool: requiredText(table, 'tool', true),
    startedAt: requiredTime(table, 'started_at'),
    completedAt: requiredTime(table, 'completed_at'),
    ...(isI32(processExitCode) ? { processExitCode } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(Array.isArray(warnings) ? { warnings: warnings.filter((text) => typeof text === 'string') } : {}),
  };
}

/** Times stay strings: the older reader rejects native datetimes. */
export function formatResult(result: SessionResult): string {
  return stringifyToml({
    status: result.status,
    exit_code: result.exitCode,
    summary: result.summary,
    tool: result.tool,
    started_at: result.startedAt,
    completed_at: result.completedAt,
    ...(result.processExitCode === undefined ? {} : { raw_process_exit_code: result.processExitCode }),
    ...(result.reason === undefined ? {} : { reason: result.reason }),
    ...(result.warnings?.length ? { warnings: result.warnings } : {}),
  });
}

/** A required key of a record; `mayBeEmpty` for free text. */
export function requiredText(table: TomlTable, key: string, mayBeEmpty = false): string {
  const value = ownValue(table, key);
  if (typeof value === 'string' && (mayBeEmpty || value !== '')) return value;
  throw new Error(`${key} is missing or no string`);
}

/** A required key that is an integer of 32 bits, as the older program stores exit codes. */
export function requiredInteger(table: TomlTable, key: string): number {
  const value = ownInteger(table, key);
  if (isI32(value)) return value;
  throw new Error(`${key} is missing or no 32-bit integer`);
}

function requiredTime(table: TomlTable, key: string): string {
  const value = requiredText(table, key);
  if (RFC3339.test(value)) return value;
  throw new Error(`${key} is no RFC 3339 time with an offset`);
}

export function isI32(value: number | undefined): value is number {
  return Number.isInteger(value) && MIN_I32 <= (value as number) && (value as number) <= MAX_I32;
}
