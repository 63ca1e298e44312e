import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { isatty } from 'node:tty';
import { cleanLine, formatCommand } from '@csa/markers';
import { errnoOf, Refusal } from '@csa/session';

/** A descriptor that the caller has open already: `-`, and what a shell's `<(command)` stands for. */
const OPEN_ALREADY = /^(?:-|\/dev\/stdin|(?:\/dev|\/proc\/self)\/fd\/(\d{1,9}))$/;
/** Without O_NONBLOCK a FIFO that nobody writes to would hold the start up. Of files it means nothing (open(2)). */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const ACCESS_MODE = 0o3;
const MAX_SHOWN_BYTES = 200;

/**
 * The descriptor that `--stdin` names: a file's (of the caller's current directory), or for `-` standard input as it
 * is, of which no byte is read here.
 * @throws Refusal reason=bad-stdin
 */
export function openStdin(word: string): number {
  const isOpen = OPEN_ALREADY.exec(word);
  const fd = isOpen === null ? openFile(word) : Number(isOpen[1] ?? 0);
  const trouble = isOpen === null ? troubleOfFile(fstatSync(fd), word) : troubleOfDescriptor(fd);
  const why = trouble ?? (isatty(fd) ? TERMINAL : undefined);
  if (why === undefined) return fd;
  if (isOpen === null) closeSync(fd);
  throw bad(word, why);
}

/** Gives the descriptor up: it is the session's now, and a writer is to notice when nobody there reads any more. */
export function releaseStdin(fd: number): void {
  closeSync(fd);
  // The lowest free number is the next to be given (open(2)): what is opened later must not become standard input.
  if (fd === 0) openSync('/dev/null', 'r');
}

interface Why {
  readonly got: string;
  readonly next: string;
}

const NAME_ANOTHER = 'Name a file that can be read, or leave --stdin out';
const TERMINAL: Why = {
  got: 'a terminal, which a session cannot read from',
  next: 'Give it a file or a pipe: --stdin FILE, or PRODUCER | csa session start --stdin - ...',
};

function openFile(path: string): number {
  try {
    return openSync(path, OPEN_FLAGS);
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    throw bad(path, { got: code === 'ENOENT' ? 'no such file' : code, next: NAME_ANOTHER });
  }
}

function troubleOfFile(stat: Stats, path: string): Why | undefined {
  if (stat.isDirectory()) return { got: 'a directory', next: NAME_ANOTHER };
  // Until its writer comes, a FIFO that was opened so reads as empty: the command would have lost its input unnoticed.
  return stat.isFIFO()
    ? { got: 'a FIFO', next: `Let the shell wait for its writer: --stdin - < ${formatCommand([path])}` }
    : undefined;
}

function troubleOfDescriptor(fd: number): Why | undefined {
  const stat = statOf(fd);
  if (stat === undefined) return { got: 'a descriptor that is closed', next: NAME_ANOTHER };
  if (stat.isDirectory()) return { got: 'a directory', next: NAME_ANOTHER };
  return isWriteOnly(fd) ? { got: 'a descriptor that is open for writing only', next: NAME_ANOTHER } : undefined;
}

function statOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch (error) {
    if (errnoOf(error) !== 'EBADF') throw error;
    return undefined;
  }
}

/** `flags` of /proc/<pid>/fdinfo (proc_pid_fdinfo(5)), in octal; false where there is no /proc. */
function isWriteOnly(fd: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return (Number.parseInt(flags ?? '0', 8) & ACCESS_MODE) === constants.O_WRONLY;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}

function bad(word: string, { got, next }: Why): Refusal {
  return new Refusal({
    reason: 'bad-stdin',
    what: `--stdin ${JSON.stringify(cleanLine(word, MAX_SHOWN_BYTES))} cannot be the command's standard input`,
    expected: 'a file that can be read, or - for a standard input that is a file or a pipe',
    got,
    next,
  });
}
