import { LOG_NAMES, LogFile, type LogName } from './log-file.ts';
import { errnoOf } from './refusal.ts';
import type { Session } from './session.ts';

/**
 * When the session last printed something, in milliseconds since the epoch; an age for people, never a fact, so that
 * a log that cannot be read is passed over.
 */
export function lastOutputTime(session: Session): number | undefined {
  const times = LOG_NAMES.map((name) => {
    try {
      return withLog(session, name, (log) => log.writtenAt);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  });
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** A log's size in bytes; `undefined` when there is none. @throws a system error where it cannot be read */
export function logSize(session: Session, name: LogName): number | undefined {
  return withLog(session, name, (log) => log.size);
}

/** The last `bytes` bytes of a log as text; a character cut at the beginning becomes U+FFFD. @throws as above */
export function logEnd(session: Session, name: LogName, bytes: number): string {
  const text = withLog(session, name, (log) => {
    const { size } = log;
    return log.read(Math.max(0, size - bytes), Math.min(size, bytes)).toString('utf8');
  });
  return text ?? '';
}

function withLog<T>(session: Session, name: LogName, use: (log: LogFile) => T): T | undefined {
  const log = LogFile.open(session, name);
  try {
    return log === undefined ? undefined : use(log);
  } finally {
    log?.close();
  }
}
