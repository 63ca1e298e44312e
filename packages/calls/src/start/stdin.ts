import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { isatty } from 'node:tty';
import { cleanLine, formatCommand } from '@csa/markers';
import { errnoOf, Refusal } from '@csa/session';
import { accessOf, FIRST_FREE_FD, isOwnDescriptor } from './own-descriptors.ts';

/** A descriptor that the caller has open already: `-`, and what a shell's `<(command)` stands for. */
const OPEN_ALREADY = /^(?:-|\/dev\/stdin|(?:\/dev|\/proc\/self)\/fd\/(\d{1,9}))$/;
/** Without O_NONBLOCK a FIFO that nobody writes to would hold the start up. Of files it means nothing (open(2)). */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const MAX_SHOWN_BYTES = 200;

/** What a command is to read. */
export interface Stdin {
  readonly fd: number;
  /** Gives it up: it is the session's now, and a writer is to notice when nobody there reads any more. */
  release(): void;
}

/**
 * What `--stdin` names: a file (of the caller's current directory), or for `-` standard input as it is, of which no
 * byte is read here.
 * @throws Refusal reason=bad-stdin
 */
export function openStdin(word: string): Stdin {
  const isOpen = OPEN_ALREADY.exec(word);
  return isOpen === null ? openedFile(word) : inherited(Number(isOpen[1] ?? 0), word);
}

function openedFile(path: string): Stdin {
  const fd = openFile(path);
  const why = troubleOfFile(fstatSync(fd), path) ?? troubleOfTerminal(fd);
  if (why === undefined) return { fd, release: () => closeSync(fd) };
  closeSync(fd);
  throw bad(path, why);
}

function inherited(fd: number, word: string): Stdin {
  const why = troubleOfDescriptor(fd) ?? troubleOfTerminal(fd);
  if (why !== undefined) throw bad(word, why);
  return { fd, release: () => releaseInherited(fd) };
}

/** Closes no other kind than has somebody at its other end: of some, nobody can say whether they are not Node's. */
function releaseInherited(fd: number): void {
  if (fd === 0) {
    closeSync(0);
    // The lowest free number is the next to be given (open(2)): what is opened later must not become standard input.
    openSync('/dev/null', 'r');
  } else if (fd >= FIRST_FREE_FD && fstatSync(fd).isFIFO()) closeSync(fd);
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

function troubleOfTerminal(fd: number): Why | undefined {
  return isatty(fd) ? TERMINAL : undefined;
}

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
  if (isOwnDescriptor(fd)) return { got: 'a descriptor of this program itself', next: NAME_ANOTHER };
  return accessOf(fd) === constants.O_WRONLY
    ? { got: 'a descriptor that is open for writing only', next: NAME_ANOTHER }
    : undefined;
}

function statOf(fd: number): Stats | undefined {
  try {
    return fstatSync(fd);
  } catch (error) {
    if (errnoOf(error) !== 'EBADF') throw error;
    return undefined;
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
