import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errnoOf } from './refusal.ts';
import { recordPlace, type Session } from './session.ts';

/** The command's own streams; output.log is a foreign daemon's. */
export type LogName = 'stdout.log' | 'stderr.log' | 'output.log';
export const LOG_NAMES: readonly LogName[] = ['stdout.log', 'stderr.log', 'output.log'];

const BLOCK_BYTES = 64 * 1024;
const NO_LOG = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO', 'EISDIR', 'ENODEV']);

/**
 * When the session last printed something, in milliseconds since the epoch; an age for people, never a fact, so that
 * a log that cannot be read is passed over.
 */
export function lastOutputTime(session: Session): number | undefined {
  const times = LOG_NAMES.map((name) => {
    try {
      return withLog(session, name, (_fd, stat) => stat.mtimeMs);
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
  return withLog(session, name, (_fd, stat) => stat.size);
}

/** Where the last `lines` lines of a log begin, as a byte offset; read backwards, however long it is. @throws as above */
export function tailOffset(session: Session, name: LogName, lines: number): number {
  return withLog(session, name, (fd, stat) => offsetOfTail(fd, stat.size, lines)) ?? 0;
}

/**
 * A log's bytes from an offset to where it ends now, block by block: a command that never stops printing keeps nobody.
 * @throws as above
 */
export function* logBlocks(session: Session, name: LogName, start: number): Generator<Buffer> {
  const fd = openLog(session, name);
  if (fd === undefined) return;
  try {
    const stat = fstatSync(fd);
    for (let at = start; stat.isFile() && at < stat.size; at += BLOCK_BYTES) {
      yield readBlock(fd, at, Math.min(BLOCK_BYTES, stat.size - at));
    }
  } finally {
    closeSync(fd);
  }
}

/** The last `bytes` bytes of a log as text; a character cut at the beginning becomes U+FFFD. @throws as above */
export function logEnd(session: Session, name: LogName, bytes: number): string {
  const text = withLog(session, name, (fd, stat) => {
    const from = Math.max(0, stat.size - bytes);
    return readBlock(fd, from, Math.min(stat.size, bytes)).toString('utf8');
  });
  return text ?? '';
}

function withLog<T>(
  session: Session,
  name: LogName,
  use: (fd: number, stat: { readonly size: number; readonly mtimeMs: number }) => T,
): T | undefined {
  const fd = openLog(session, name);
  if (fd === undefined) return undefined;
  try {
    const stat = fstatSync(fd);
    return stat.isFile() ? use(fd, stat) : undefined;
  } finally {
    closeSync(fd);
  }
}

function openLog(session: Session, name: LogName): number | undefined {
  try {
    return openSync(recordPlace(session, name).path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    // Absent, or something planted in its place: there is no log.
    if (NO_LOG.has(errnoOf(error) ?? '')) return undefined;
    throw error;
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
