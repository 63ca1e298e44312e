import { closeSync, constants, fstatSync, openSync, unlinkSync } from 'node:fs';
import { openForLooking, readOnce } from './lifeline-look.ts';

/** A FIFO that this process holds open. It reads as end-of-file as soon as the process is gone, however it ended. */
export interface Lifeline {
  /** st_dev and st_ino (inode(7)) as decimal text: what a reader compares. */
  readonly dev: string;
  readonly ino: string;
  /** Let go: readers see the holder as dead from now on. The FIFO itself stays. */
  release(): void;
}

/**
 * Make a FIFO (mode 0600) at `path`, which must not exist, and hold it open for as long as this process lives.
 * O_RDWR does not block without a peer (fifo(7)), and the descriptor is close-on-exec: no child keeps it open.
 *
 * @throws Error that names the path, when it cannot be made or does not work on this file system
 */
export function holdLifeline(path: string): Lifeline {
  makeFifo(path);
  try {
    return hold(path);
  } catch (error) {
    unlinkSync(path);
    throw new Error(`cannot hold the lifeline ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function makeFifo(path: string): void {
  // Loaded only here: those who look need no child processes. Node itself has no mkfifo(3).
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stderr, error } = spawnSync('mkfifo', ['-m', '600', '--', path], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status === 0) return;
  const why = error ? error.message : stderr.trim() || `mkfifo ended with ${status}`;
  throw new Error(`cannot make the lifeline ${path}: ${why}`, error ? { cause: error } : {});
}

function hold(path: string): Lifeline {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stat = fstatSync(fd, { bigint: true });
    if (!stat.isFIFO()) throw new Error('it is not a FIFO');
    checkThatItWorks(path);
    return { dev: String(stat.dev), ino: String(stat.ino), release: closeOnce(fd) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Over some file systems a second open reaches another pipe; then every reader would take the holder for dead. */
function checkThatItWorks(path: string): void {
  const fd = openForLooking(path);
  try {
    const look = readOnce(fd);
    if (look !== 'alive') throw new Error(`a reader finds it ${look} while it is held`);
  } finally {
    closeSync(fd);
  }
}

function closeOnce(fd: number): () => void {
  let open = true;
  return () => {
    if (open) closeSync(fd);
    open = false;
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
