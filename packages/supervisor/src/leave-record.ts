import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  FILE_MODE,
  lastLogLine,
  publishResult,
  readReport,
  recordCompletion,
  retireState,
  type Session,
  type SessionResult,
} from '@csa/session';
import { conclude } from './conclude.ts';
import type { Life } from './supervise.ts';

/** How much of the end of the output is searched for its last line. */
const LAST_LINE_BYTES = 64 * 1024;

/**
 * Leaves the record in the order that readers rely on: result, completion, state. What fails on the way is a note and
 * never changes the outcome.
 */
export function leaveRecord(session: Session, tool: string, life: Life): void {
  const result = conclude({
    end: life.end,
    report: readReport(session),
    lastLine: lastLogLine(session, 'stdout.log', LAST_LINE_BYTES),
    tool,
    startedAt: life.startedAt,
    completedAt: new Date().toISOString(),
    warnings: life.warnings,
  });
  const notes: string[] = [];
  const note = (what: string, write: () => void): void => {
    try {
      write();
    } catch (error) {
      notes.push(`${new Date().toISOString()} ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  note('result.toml was not published', () => {
    if (publishResult(session, result) === 'already-there')
      notes.push('another result.toml was there first; ours is kept beside it');
  });
  note('daemon-completion.toml was not written', () => recordCompletion(session, completionOf(result)));
  note('state.toml was not retired', () => retireState(session, terminationReason(result), result.completedAt));
  if (notes.length > 0) note('', () => writeNotes(session, notes));
}

function completionOf(result: SessionResult): { exitCode: number; status: string; reason?: string } {
  const { exitCode, status, reason } = result;
  return { exitCode, status, ...(reason === undefined ? {} : { reason }) };
}

function terminationReason(result: SessionResult): string {
  return result.reason ?? (result.status === 'success' ? 'completed' : result.status);
}

/** Written only when there is something to say, and only at the end: a growing file would look like a sign of life. */
function writeNotes(session: Session, notes: readonly string[]): void {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  // The command may have put a FIFO or a symbolic link there: neither may hold the supervisor up or lead elsewhere.
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
  const fd = openSync(join(session.directory, 'supervisor.log'), flags, FILE_MODE);
  try {
    writeSync(fd, `${notes.join('\n')}\n`);
  } finally {
    closeSync(fd);
  }
}
