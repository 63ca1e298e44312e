import { type Reading, readRecord } from './reading.ts';
import { requiredInteger, requiredText } from './result.ts';
import { recordPlace, type Session } from './session.ts';
import { ownValue, parseToml } from './toml.ts';

/** What the command says of its own work; read by the supervisor, never by a waiter. */
export interface CommandReport {
  readonly status: string;
  readonly exitCode: number;
  readonly summary?: string;
}

/** Relative to the session's directory; CSA_RESULT_FILE names it to the command. */
export const REPORT_FILE = 'output/result.toml';

/** A result of this status is one try of several: the older program replaces it while its daemon lives. */
export const PROVISIONAL_STATUS = 'tier_failover_superseded';

export function readReport(session: Session): Reading<CommandReport> {
  return readRecord(recordPlace(session, REPORT_FILE), parseReport);
}

export function parseReport(text: string): CommandReport {
  const table = parseToml(text);
  const status = requiredText(table, 'status');
  // Published once and provisional for ever would be a session that never ends.
  if (status === PROVISIONAL_STATUS) throw new Error(`status ${PROVISIONAL_STATUS} is not final`);
  const summary = ownValue(table, 'summary');
  return {
    status,
    exitCode: requiredInteger(table, 'exit_code'),
    ...(typeof summary === 'string' ? { summary } : {}),
  };
}
