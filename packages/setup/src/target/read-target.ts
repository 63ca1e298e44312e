import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, type Stats } from 'node:fs';
import { errnoOf, Refusal } from '@csa/session';

/** A configuration file as it is: what a link leads to, not the link. */
export type Target =
  | { readonly kind: 'absent'; readonly path: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** The file itself, all links followed. */
      readonly real: string;
      readonly bytes: Buffer;
      readonly text: string;
      readonly stats: Stats;
    };

/** Bytes. No configuration is as large; one that is would take minutes to show. */
const MAX_BYTES = 64 * 1024 * 1024;
/** ignoreBOM keeps a byte-order mark in the text. */
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** @throws Refusal reason=not-a-file | too-large | not-utf8 | unreadable */
export function readTarget(path: string): Target {
  const fd = openTarget(path);
  if (fd === undefined) return { kind: 'absent', path };
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw refused('not-a-file', path, { expected: 'a regular file', got: kindOf(stats) });
    if (stats.size > MAX_BYTES) {
      throw refused('too-large', path, { expected: `at most ${MAX_BYTES} bytes`, got: `${stats.size}` });
    }
    const bytes = readWhole(fd, stats.size);
    return { kind: 'file', path, real: realpathSync(path), bytes, text: decode(path, bytes), stats };
  } finally {
    closeSync(fd);
  }
}

function openTarget(path: string): number | undefined {
  try {
    return openSync(path, FLAGS);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' && !isLink(path)) return undefined;
    if (code === undefined) throw error;
    const got = code === 'ENOENT' ? 'a link that leads nowhere' : code;
    throw refused(code === 'ENXIO' ? 'not-a-file' : 'unreadable', path, { expected: 'a file that can be read', got });
  }
}

/** Only where the file itself is not there. */
function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false;
  }
}

function readWhole(fd: number, size: number): Buffer {
  const buffer = Buffer.alloc(size);
  let length = 0;
  for (let read = -1; read !== 0 && length < size; length += read) {
    read = readSync(fd, buffer, length, size - length, length);
  }
  return buffer.subarray(0, length);
}

function decode(path: string, bytes: Buffer): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    throw refused('not-utf8', path, { expected: 'UTF-8', got: 'other bytes' });
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  return stats.isFIFO() ? 'a pipe' : 'something else';
}

function refused(reason: string, path: string, facts: { readonly expected: string; readonly got: string }): Refusal {
  const what = `${path} is left alone`;
  return new Refusal({ reason, what, ...facts, next: 'Write the lines there yourself, or put it right and try again' });
}
