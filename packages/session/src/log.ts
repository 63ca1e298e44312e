import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errnoOf } from './refusal.ts';
import { recordPlace, type Session } from './session.ts';

/** The command's own streams; output.log is a foreign daemon's. */
export type LogName = 'stdout.log' | 'stderr.log' | 'output.log';
export const LOG_NAMES: readonly LogName[] = ['stdout.log', 'stderr.log', 'output.log'];

const BLOCK_BYTES = 64 * 1024;

/** When the session last printed something, in milliseconds since the epoch; an age for people, never a fact. */
export function lastOutputTime(session: Session): number | undefined {
  const times = LOG_NAMES.map((name) => withLog(session, name, (_fd, stat) => stat.mtimeMs));
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** A log's size in bytes; `undefined` when there is none. */
export function logSize(session: Session, name: LogName): number | undefined {
  return withLog(session, name, (_fd, stat) => stat.size);
}

/** Where the last `lines` lines of a log begin, as a byte offset; read backwards, however long the log is. */
export function tailOffset(session: Session, name: LogName, lines: number): number {
  return withLog(session, name, (fd, stat) => offsetOfTail(fd, stat.size, lines)) ?? 0;
}

/** The last `bytes` bytes of a log as text; a character cut at the beginning becomes U+FFFD. */
export function logEnd(session: Session, name: LogName, bytes: number): string {
  const text = withLog(session, name, (fd, stat) => {
    const from = Math.max(0, stat.size - bytes);
    return readBlock(fd, from, Math.min(stat.size, bytes)).toString('utf8');
  });
  return text ?? '';
}

/** The last line with something on it among the last `bytes` bytes; raw and untrusted. */
export function lastLogLine(session: Session, name: LogName, bytes: number): string {
  const lines = logEnd(session, name, bytes).split(/[\r\n]/);
  return lines.findLast((line) => line.trim() !== '') ?? '';
}

function withLog<T>(
  session: Session,
  name: LogName,
  use: (fd: number, stat: { readonly size: number; readonly mtimeMs: number }) => T,
): T | undefined {
  let fd: number;
  try {
    fd = openSync(recordPlace(session, name).path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
  try {
    const stat = fstatSync(fd);
    return stat.isFile() ? use(fd, stat) : undefined;
  } finally {
    closeSync(fd);
  }
}

function offsetOfTail(fd: number, size: number, lines: number): number {
  if (lines === 0) return size;
  // The newline that ends the last line begins no further line.
  let missing = lines + (size > 0 && readBlock(fd, size - 1, 1)[0] === 0x0a ? 1 : 0);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const block = readBlock(fd, start, end - start);
    for (let i = block.lastIndexOf(0x0a); i >= 0; i = i === 0 ? -1 : block.lastIndexOf(0x0a, i - 1)) {
      missing -= 1;
      if (missing === 0) return start + i + 1;
    }
    end = start;
  }
  return 0;
}

function readBlock(fd: number, position: number, length: number): Buffer {
  const block = Buffer.alloc(length);
  const read = readSync(fd, block, 0, length, position);
  return block.subarray(0, read);
}
