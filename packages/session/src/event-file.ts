import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  futimesSync,
  openSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { FILE_MODE } from './atomic-write.ts';
import { errnoOf } from './refusal.ts';

const LINE_FEED = 0x0a;
const MAX_BYTES = 1024 * 1024;
/** No event of ours comes near it: what does is not told, so that the file stays bounded whatever an event quotes. */
const MAX_LINE_BYTES = 16 * 1024;
/** Where others write all the time; a blank line is the worst that more looks would avoid. */
const MAX_LOOKS = 20;
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Events for programs: JSON lines in `events.jsonl`, those before them in `events.1.jsonl`, about 1 MiB each. Any number
 * of processes write at once, without a lock: a line is one append (open(2), O_APPEND), and only a writer that is
 * killed in the middle of it, or a full disk, cuts one. Makes no directory: one that is gone was removed.
 */
export class EventFile {
  readonly #directory: string;
  readonly #schema: string;

  /** @param schema begins every line, as `csa.warm-event/1` */
  constructor(directory: string, schema: string) {
    this.#directory = directory;
    this.#schema = schema;
  }

  /** Never throws for what the system says: telling never breaks what it tells of. */
  tell(event: object): void {
    const line = `${JSON.stringify({ schema: this.#schema, ...event })}\n`;
    if (Buffer.byteLength(line) > MAX_LINE_BYTES) return;
    try {
      this.#append(line);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }

  #append(line: string): void {
    const path = `${this.#directory}/events.jsonl`;
    const fd = openSync(path, FLAGS, FILE_MODE);
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) return;
      // Behind what a full disk or a killed writer has cut a line of its own begins.
      writeSync(fd, endsWithLine(fd) ? line : `\n${line}`);
      // The umask may have taken bits away, and the next event with them.
      if (stat.size === 0) fchmodSync(fd, FILE_MODE);
      // Somebody else may have moved it: a young file over a full one would lose what that one tells.
      if (stat.size > MAX_BYTES && isAt(path, stat)) renameSync(path, `${this.#directory}/events.1.jsonl`);
    } finally {
      closeSync(fd);
    }
  }
}

/**
 * Whether the last line is whole. While another process writes, the file may show a part of its line: only a part that
 * is still the same after that write is over has been cut.
 */
function endsWithLine(fd: number): boolean {
  for (let looks = 0, seen = -1; looks < MAX_LOOKS; looks += 1) {
    const { size } = fstatSync(fd);
    if (size === 0 || lastByte(fd, size) === LINE_FEED) return true;
    if (size === seen) return false;
    seen = size;
    // Takes the lock that write(2) holds on the file, and so waits for whoever writes.
    futimesSync(fd, new Date(), new Date());
  }
  return false;
}

function lastByte(fd: number, size: number): number | undefined {
  const last = Buffer.alloc(1);
  return readSync(fd, last, 0, 1, size - 1) === 1 ? last[0] : undefined;
}

function isAt(path: string, { dev, ino }: Stats): boolean {
  const there = statSync(path);
  return there.dev === dev && there.ino === ino;
}
