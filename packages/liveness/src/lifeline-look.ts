import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from './error-code.ts';
import { thisHost } from './host.ts';

/** What the holder wrote down about its lifeline; all three as text, numbers in decimal. */
export interface LifelineRecord {
  readonly bootId: string;
  readonly dev: string;
  readonly ino: string;
}

/**
 * `not-ours`: device, inode or boot id differ from the record, or it is not a FIFO: it says nothing about the holder.
 * `error`: our own trouble in looking (EMFILE, EACCES, EIO).
 */
export type LifelineLook = 'alive' | 'dead' | 'absent' | 'not-ours' | 'error';

// The capacity of a pipe (pipe(7)): one read empties it, so that what somebody wrote hides the end only once.
const PIPE_BYTES = 65_536;
let drain: Buffer | undefined;

/** Look once whether the holder of a lifeline lives. Changes nothing, keeps nothing open, some microseconds. */
export function lookAtLifeline(path: string, record: LifelineRecord): LifelineLook {
  const opened = openLifeline(path, record);
  if (typeof opened !== 'number') return opened;
  try {
    return readOnce(opened);
  } finally {
    closeSync(opened);
  }
}

/** A descriptor of the recorded lifeline, for reading, or why there is none. The caller closes it. */
export function openLifeline(path: string, record: LifelineRecord): number | 'absent' | 'not-ours' | 'error' {
  // After a reboot the same device and inode numbers may belong to a FIFO that nobody holds any more, or to another.
  if (record.bootId !== thisHost().bootId) return 'not-ours';
  let fd: number | undefined;
  try {
    fd = openForLooking(path);
    const stat = fstatSync(fd, { bigint: true });
    if (stat.isFIFO() && String(stat.dev) === record.dev && String(stat.ino) === record.ino) return fd;
    closeSync(fd);
    return 'not-ours';
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    return whyNot(error);
  }
}

/** @throws what open(2) answers; it never blocks */
export function openForLooking(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
}

/**
 * Read once from a lifeline. fifo(7), read(2): EAGAIN while some process holds it for writing, and the end will then
 * wake a poll; end-of-file when none does.
 */
export function readOnce(fd: number): 'alive' | 'dead' | 'error' {
  drain ??= Buffer.allocUnsafeSlow(PIPE_BYTES);
  try {
    return readSync(fd, drain) === 0 ? 'dead' : 'alive';
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code === 'EAGAIN' ? 'alive' : 'error';
  }
}

function whyNot(error: unknown): 'absent' | 'not-ours' | 'error' {
  switch (errorCode(error)) {
    case undefined:
      throw error;
    case 'ENOENT':
    case 'ENOTDIR':
      return 'absent';
    // open(2): a symbolic link with O_NOFOLLOW; a socket, or a device that nobody serves.
    case 'ELOOP':
    case 'ENXIO':
    case 'ENODEV':
      return 'not-ours';
    default:
      return 'error';
  }
}
