import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DIRECTORY_MODE, FILE_MODE, syncDirectory } from './atomic-write.ts';
import { errnoOf } from './refusal.ts';

const BLOCK_BYTES = 64 * 1024;

/** The numbered files of a journal, `<name>.<number>.jsonl` side by side in one directory. */
export class JournalFiles {
  readonly directory: string;
  readonly #name: string;

  constructor(directory: string, name: string) {
    this.directory = directory;
    this.#name = name;
  }

  path(number: number): string {
    return join(this.directory, `${this.#name}.${number}.jsonl`);
  }

  /** The numbers of those that are there, ascending. @throws a system error */
  list(): number[] {
    const names = orNothing(() => readdirSync(this.directory)) ?? [];
    const pattern = new RegExp(`^${this.#name}\\.([1-9]\\d{0,8})\\.jsonl$`);
    return names.flatMap((name) => Number(pattern.exec(name)?.[1] ?? []) || []).sort((a, b) => a - b);
  }

  /**
   * Appends in one write and puts it on the disk. Every batch begins with a line feed, so that what a killed writer
   * left unfinished spoils no line but its own.
   * @throws a system error; a part may have been written
   */
  append(number: number, lines: readonly string[]): void {
    this.#makeDirectory();
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;
    const fd = openRegular(this.path(number), flags);
    try {
      const isNew = fstatSync(fd).size === 0;
      // The umask may have taken bits away.
      if (isNew) fchmodSync(fd, FILE_MODE);
      writeAppending(fd, Buffer.from(`\n${lines.join('\n')}\n`, 'utf8'));
      fsyncSync(fd);
      if (isNew) syncDirectory(this.directory);
    } finally {
      closeSync(fd);
    }
  }

  /** A file of root's would lock the owner of somebody else's directory out of their own journal. */
  #makeDirectory(): void {
    mkdirSync(this.directory, { recursive: true, mode: DIRECTORY_MODE });
    if (statSync(this.directory).uid === process.getuid?.()) return;
    throw Object.assign(new Error(`EPERM: another user's directory, write '${this.directory}'`), { code: 'EPERM' });
  }

  /** Opens one for reading; `undefined` when there is none. @throws a system error */
  open(number: number): JournalFile | undefined {
    return orNothing(() => new JournalFile(openRegular(this.path(number), constants.O_RDONLY)));
  }

  /** @throws a system error */
  remove(number: number): void {
    orNothing(() => unlinkSync(this.path(number)));
  }
}

/** One file of a journal, opened for reading. */
export class JournalFile {
  readonly size: number;
  /** Another file under the same name has another one. */
  readonly inode: number;
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
    const { size, ino } = fstatSync(fd);
    this.size = size;
    this.inode = ino;
  }

  /** What stands from `offset` on. Each block is valid until the next one is asked for. @throws a system error */
  *blocks(offset: number): Generator<Buffer> {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    for (let at = offset; ; ) {
      const read = readSync(this.#fd, block, 0, BLOCK_BYTES, at);
      if (read === 0) return;
      at += read;
      yield block.subarray(0, read);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** Never through a symbolic link, and never a FIFO or a device that somebody planted. */
function openRegular(path: string, flags: number): number {
  const fd = openSync(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY, FILE_MODE);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw Object.assign(new Error(`EINVAL: not a regular file, open '${path}'`), { code: 'EINVAL' });
}

/** Where O_APPEND puts it: there is no position to give. */
function writeAppending(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done);
}

function orNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return undefined;
  }
}
