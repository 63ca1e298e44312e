import { describeDuration } from '@csa/calls';
import type { Awaited } from '@csa/calls/many';
import { lastCleanLine } from '@csa/markers';
import { LOG_NAMES, LogFile, type LogName, lastOutputTime, logEnd, type Session } from '@csa/session';

const LOG_END_BYTES = 4_096;
const MAX_LINE_BYTES = 160;

/** How long it has been waited, since when there is no output, and the last line of it; all text is clean. */
export function progressOfOne(session: () => Session): () => string {
  const start = performance.now();
  return () => `${waited(start)}${silence([session()])}${quoted(lastLine(session()))}`;
}

/** The same of several, and how many of them are over. */
export function progressOfMany(awaited: () => readonly Awaited[]): () => string {
  const start = performance.now();
  return () => {
    const all = awaited();
    const open = all.filter(({ end }) => end === undefined).map(({ session }) => session);
    const last = open.toSorted((a, b) => (lastOutputTime(b) ?? 0) - (lastOutputTime(a) ?? 0))[0];
    const over = `, ${all.length - open.length} of ${all.length} over`;
    return `${waited(start)}${over}${silence(open)}${last === undefined ? '' : quoted(lastLine(last))}`;
  };
}

function waited(start: number): string {
  return `waited ${describeDuration(performance.now() - start)}`;
}

function silence(sessions: readonly Session[]): string {
  const last = Math.max(...sessions.map((session) => lastOutputTime(session) ?? Number.NEGATIVE_INFINITY));
  return last === Number.NEGATIVE_INFINITY ? '' : `, idle ${describeDuration(Math.max(0, Date.now() - last))}`;
}

/** Of the stream that was written to last. */
function lastLine(session: Session): string {
  const newest = LOG_NAMES.map((name) => ({ name, at: writtenAt(session, name) })).sort((a, b) => b.at - a.at)[0];
  return newest === undefined ? '' : lastCleanLine(logEnd(session, newest.name, LOG_END_BYTES), MAX_LINE_BYTES);
}

/** An empty log was never written to. */
function writtenAt(session: Session, name: LogName): number {
  const log = LogFile.open(session, name);
  try {
    return log === undefined || log.size === 0 ? 0 : log.writtenAt;
  } finally {
    log?.close();
  }
}

function quoted(line: string): string {
  return line === '' ? '' : `: ${line}`;
}
