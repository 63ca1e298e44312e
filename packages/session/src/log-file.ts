import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { errnoOf } from './refusal.ts';
import { recordPlace, type Session } from './session.ts';

/** The command's own streams; output.log is a foreign daemon's. */
export type LogName = 'stdout.log' | 'stderr.log' | 'output.log';
export const LOG_NAMES: readonly LogName[] = ['stdout.log', 'stderr.log', 'output.log'];

const BLOCK_BYTES = 64 * 1024;
/** Absent, or something planted in its place: there is no log. */
const NO_LOG = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'ENXIO', 'EISDIR', 'ENODEV']);

/** A log that is held open: the same file, whatever happens to its name. All of it throws system errors. */
export class LogFile {
  readonly name: LogName;
  readonly #fd: number;
  readonly #path: string;

  private constructor(name: LogName, path: string, fd: number) {
    this.name = name;
    this.#path = path;
    this.#fd = fd;
  }

  /** `undefined` when there is no log. Symbolic links are not followed, and nothing planted in its place is waited for. */
  static open(session: Session, name: LogName): LogFile | undefined {
    const { path } = recordPlace(session, name);
    const fd = openPlain(path);
    return fd === undefined ? undefined : new LogFile(name, path, fd);
  }

  /** In bytes, now. */
  get size(): number {
    return fstatSync(this.#fd).size;
  }

  /** When something was last written, in milliseconds since the epoch. */
  get writtenAt(): number {
    return fstatSync(this.#fd).mtimeMs;
  }

  /** Whether the name leads to another log by now. A name that leads nowhere may come back. */
  get isReplaced(): boolean {
    const named = lstatSync(this.#path, { bigint: true, throwIfNoEntry: false });
    if (named === undefined || !named.isFile()) return false;
    const own = fstatSync(this.#fd, { bigint: true });
    return named.dev !== own.dev || named.ino !== own.ino;
  }

  /** So many bytes from a place, fewer at the end of the log. */
  read(from: number, bytes: number = BLOCK_BYTES): Buffer {
    const buffer = Buffer.allocUnsafe(Math.max(0, bytes));
    return buffer.subarray(0, readSync(this.#fd, buffer, 0, buffer.length, from));
  }

  /** The bytes between two places, block by block; fewer where the log has become shorter. */
  *blocks(from: number, to: number): Generator<Buffer> {
    for (let at = from; at < to; ) {
      const block = this.read(at, Math.min(BLOCK_BYTES, to - at));
      if (block.length === 0) return;
      yield block;
      at += block.length;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function openPlain(path: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if (NO_LOG.has(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  return undefined;
}
