import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { errnoOf, FILE_MODE, writeAtomically } from '@csa/session/files';
import type { LedgerEntry } from './ledger-entry.ts';
import { parseEntry } from './ledger-form.ts';

/** Books do not grow beyond this: whoever would write more condenses them, or stops. */
export const MAX_LEDGER_BYTES: number = 4 * 1024 * 1024;

const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
/** What is none of ours reads as empty books; what else goes wrong is trouble of the reader's own. */
const NOT_OURS = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO', 'EISDIR', 'ENODEV', 'EINVAL']);

/**
 * The books of one conversation, a line for each entry. Every line is one write(2) behind a line feed of its own, so
 * that what a killed writer left unfinished spoils no other.
 */
export class Ledger {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws a system error for trouble of the reader's own (EMFILE, EIO, EACCES): the books are then not known */
  read(): LedgerEntry[] {
    const text = this.#text();
    return text.split('\n').flatMap((line) => (line === '' ? [] : (parseEntry(line) ?? [])));
  }

  /**
   * @throws a system error, EFBIG among them when the books are full: the entry is not in them
   */
  append(entry: LedgerEntry): void {
    const bytes = Buffer.from(`\n${JSON.stringify(entry)}\n`, 'utf8');
    const fd = this.#openFor(bytes.length);
    try {
      if (writeSync(fd, bytes) < bytes.length) throw systemError('ENOSPC', 'no room for a line', this.path);
    } finally {
      closeSync(fd);
    }
  }

  /** Says that these are books, and can be appended to. @throws a system error, as appending would */
  require(): void {
    closeSync(this.#openFor(0));
  }

  /** Takes the place of all that stands there; only for whoever alone writes. @throws a system error */
  rewrite(entries: readonly LedgerEntry[]): void {
    writeAtomically(this.path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  }

  /** @throws a system error, EFBIG where there is no room for so many bytes */
  #openFor(length: number): number {
    const fd = openRegular(this.path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND);
    try {
      const { size } = fstatSync(fd);
      // The umask may have taken bits away.
      if (size === 0) fchmodSync(fd, FILE_MODE);
      if (size + length > MAX_LEDGER_BYTES) throw systemError('EFBIG', 'the books are full', this.path);
      return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  #text(): string {
    try {
      const fd = openRegular(this.path, constants.O_RDONLY);
      try {
        return readUpTo(fd, MAX_LEDGER_BYTES);
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      const code = errnoOf(error);
      if (code === undefined || !NOT_OURS.has(code)) throw error;
      return '';
    }
  }
}

/** Never through a symbolic link, and never a FIFO or a device that somebody planted. */
function openRegular(path: string, flags: number): number {
  const fd = openSync(path, flags | SAFELY, FILE_MODE);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw systemError('EINVAL', 'not a regular file', path);
}

function readUpTo(fd: number, most: number): string {
  const buffer = Buffer.allocUnsafe(Math.min(fstatSync(fd).size, most));
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(fd, buffer, length, buffer.length - length, length);
    if (read === 0) break;
    length += read;
  }
  return buffer.toString('utf8', 0, length);
}

function systemError(code: string, what: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${what}, write '${path}'`), { code });
}
