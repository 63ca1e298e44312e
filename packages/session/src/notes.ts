import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { FILE_MODE } from './atomic-write.ts';
import { readRecord } from './reading.ts';
import { recordPlace, type Session } from './session.ts';

const NOTES_FILE = 'supervisor.log';

/**
 * Adds lines about a session that is over: what failed on the way to its record, or after it. Never while it runs: a
 * growing file would look like a sign of life.
 * @throws a system error
 */
export function appendNotes(session: Session, notes: readonly string[]): void {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  // The command may have put a FIFO or a symbolic link there: neither may hold the writer up or lead elsewhere.
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const fd = openSync(recordPlace(session, NOTES_FILE).path, flags, FILE_MODE);
  try {
    writeSync(fd, notes.map((note) => `${new Date().toISOString()} ${note.replace(/\s+/g, ' ')}\n`).join(''));
  } finally {
    closeSync(fd);
  }
}

/** The notes as they stand there, oldest first; untrusted. None where there is no file that can be read. */
export function readNotes(session: Session): string[] {
  const notes = readRecord(recordPlace(session, NOTES_FILE), (text) => text.split('\n').filter((line) => line !== ''));
  return notes.kind === 'present' ? notes.value : [];
}
