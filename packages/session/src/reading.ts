import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { errnoOf } from './refusal.ts';

/**
 * What a file of a session said. `unreadable` is a property of the file (empty, torn, not a regular file, missing
 * keys); `error` is our own trouble (EMFILE, EACCES, EIO) and never says anything about the session.
 */
export type Reading<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'present'; readonly value: T };

/** The largest file that is parsed, in bytes. */
export const MAX_RECORD_BYTES: number = 1024 * 1024;

const ABSENT = { kind: 'absent' } as const;
// A symbolic link (ELOOP, EMLINK on BSD), a socket (ENXIO) or a missing directory in between is how the file is.
const ABSENT_CODES = new Set(['ENOENT', 'ENOTDIR']);
const UNREADABLE_CODES = new Set(['ELOOP', 'EMLINK', 'ENXIO', 'EISDIR', 'ENODEV']);
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
/** ignoreBOM keeps a byte-order mark in the text, so that the parser refuses it as the older program does. */
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `owner`: the uid of the session's directory; a record of anybody else but root is not believed. */
export interface RecordPlace {
  readonly path: string;
  readonly owner: number;
  /** Of a file that may be larger than others are. Default: {@link MAX_RECORD_BYTES}. */
  readonly maxBytes?: number;
}

/** Reads a small record and parses it; a parser that throws makes the record unreadable. */
export function readRecord<T>(place: RecordPlace, parse: (text: string) => T): Reading<T> {
  let fd: number;
  try {
    fd = openSync(place.path, FLAGS);
  } catch (error) {
    return classify(error);
  }
  try {
    const bytes = readWhole(fd, place);
    if (typeof bytes === 'string') return { kind: 'unreadable', why: bytes };
    return parseRecord(bytes, parse);
  } catch (error) {
    return classify(error);
  } finally {
    closeSync(fd);
  }
}

/**
 * The same for a record that few sessions have: an open that fails, and throws, costs ten times as much as a look that
 * finds no such name.
 */
export function readRareRecord<T>(place: RecordPlace, parse: (text: string) => T): Reading<T> {
  return isAbsent(place.path) ? ABSENT : readRecord(place, parse);
}

function isAbsent(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    // Opening it tells why.
    return false;
  }
}

function classify(error: unknown): Reading<never> {
  const code = errnoOf(error);
  if (code === undefined) throw error;
  if (ABSENT_CODES.has(code)) return ABSENT;
  if (UNREADABLE_CODES.has(code)) return { kind: 'unreadable', why: `not a regular file (${code})` };
  return { kind: 'error', code };
}

/** The file's bytes, or why they are not to be read. */
function readWhole(fd: number, { owner, maxBytes = MAX_RECORD_BYTES }: RecordPlace): Buffer | string {
  const stat = fstatSync(fd);
  if (!stat.isFile()) return 'not a regular file';
  if (stat.uid !== owner && stat.uid !== 0) return `owned by uid ${stat.uid}, not by the session's owner`;
  if (stat.size > maxBytes) return `${stat.size} bytes, more than ${maxBytes}`;
  // One byte more than the size shows a file that grew in between; it is read again at the next look.
  const buffer = Buffer.allocUnsafe(stat.size + 1);
  let length = 0;
  for (;;) {
    const read = readSync(fd, buffer, length, buffer.length - length, length);
    length += read;
    // read(2) gives less than asked for only where a regular file ends.
    if (read === 0 || length >= stat.size) break;
  }
  return length === buffer.length ? 'it grew while it was read' : buffer.subarray(0, length);
}

function parseRecord<T>(bytes: Buffer, parse: (text: string) => T): Reading<T> {
  try {
    return { kind: 'present', value: parse(DECODER.decode(bytes)) };
  } catch (error) {
    return { kind: 'unreadable', why: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}
