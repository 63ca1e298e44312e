import { errnoOf, type LogName, logSize, Refusal, type Session } from '@csa/session';
import { LogPrinter } from './log-printer.ts';
import { type Beginning, type LogForm, LogStream } from './log-stream.ts';
import type { Outlet } from './outlet.ts';

/** Which logs of a session are read. */
export interface WantedLogs {
  readonly session: Session;
  readonly names: readonly LogName[];
  /** Aborted when nobody wants them any more: a search through a large log takes a while. */
  readonly abort?: AbortSignal | undefined;
}

/** One log, and what is known of it now that it has been printed. */
export interface ShownLog {
  readonly name: LogName;
  readonly beginning: Beginning;
}

/**
 * Prints the logs as they are now, one after the other, each under its name when there are several.
 * @throws Refusal reason=logs-unreadable | pattern-too-slow, and what the outlet throws
 */
export async function readLogs(wanted: WantedLogs, form: LogForm, outlet: Outlet): Promise<ShownLog[]> {
  const { session, names } = wanted;
  return readable(session, async () => {
    const titled = names.filter((name) => (logSize(session, name) ?? 0) > 0).length > 1;
    const printer = new LogPrinter({ outlet, raw: form.raw, titled });
    const shown: ShownLog[] = [];
    for (const name of names) {
      const stream = new LogStream(session, name, { form, printer });
      try {
        const beginning = await stream.begin(wanted.abort);
        shown.push({ name, beginning });
        if (beginning.kind === 'unread' || !(await stream.endLine())) break;
      } finally {
        stream.close();
      }
    }
    return shown;
  });
}

/** Runs what reads the logs. @throws Refusal reason=logs-unreadable */
export async function readable<T>(session: Session, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw new Refusal({
      reason: 'logs-unreadable',
      what: `the logs of session ${session.id} cannot be read`,
      expected: 'files that this user can read',
      got: `${errnoOf(error)} in ${session.directory}`,
      next: 'Fix their permissions, or read them as the user who started the session',
      cause: error,
    });
  }
}
