import { lastCleanLine } from '@csa/markers';
import {
  appendNotes,
  findBearers,
  logEnd,
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
const TRIES = 20;
const RETRY_MS = 100;

/**
 * Leaves the record in the order that readers rely on: result, completion, state. What fails on the way is a note and
 * never changes the outcome.
 */
export function leaveRecord(session: Session, tool: string, life: Life): void {
  const notes: string[] = [];
  const note = <T>(what: string, act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      notes.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const result = conclude({
    end: life.end,
    report: readReportPatiently(session),
    lastLine:
      note('the output could not be read', () => lastCleanLine(logEnd(session, 'stdout.log', LAST_LINE_BYTES))) ?? '',
    tool,
    startedAt: life.startedAt,
    completedAt: new Date().toISOString(),
    warnings: [...life.warnings, ...(note('what is left could not be seen', () => leftovers(session, life)) ?? [])],
  });
  note('result.toml was not published', () => {
    if (patiently(() => publishResult(session, result)) === 'already-there')
      notes.push('another result.toml was there first; ours is kept beside it');
  });
  note('daemon-completion.toml was not written', () => recordCompletion(session, completionOf(result)));
  note('state.toml was not retired', () => retireState(session, terminationReason(result), result.completedAt));
  if (notes.length > 0) note('', () => appendNotes(session, notes));
}

/** A report may say that good-looking work failed: our own trouble in reading it (EMFILE, EIO) is not taken at once. */
function readReportPatiently(session: Session): ReturnType<typeof readReport> {
  let report = readReport(session);
  for (let tries = 1; report.kind === 'error' && tries < TRIES; tries += 1) {
    pause();
    report = readReport(session);
  }
  return report;
}

/** What fails once may work a moment later, and the record is worth a few seconds. @throws what fails to the end */
function patiently<T>(act: () => T): T {
  for (let tries = 1; ; tries += 1) {
    try {
      return act();
    } catch (error) {
      if (tries >= TRIES) throw error;
      pause();
    }
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
}

/** A command that was ended or killed may have left processes: whoever starts it again must know. */
function leftovers(session: Session, { end }: Life): string[] {
  const wasEnded = end.kind === 'ended' || (end.kind === 'exited' && end.exit.kind === 'signal');
  const pids = wasEnded ? findBearers(session.id) : [];
  return pids.length === 0 ? [] : [`still running after the end: ${pids.join(' ')}`];
}

function completionOf(result: SessionResult): { exitCode: number; status: string; reason?: string } {
  const { exitCode, status, reason } = result;
  return { exitCode, status, ...(reason === undefined ? {} : { reason }) };
}

function terminationReason(result: SessionResult): string {
  return result.reason ?? (result.status === 'success' ? 'completed' : result.status);
}
