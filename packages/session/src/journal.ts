import { type JournalFile, JournalFiles } from './journal-files.ts';
import { LineSplitter, parseJournalLine, sealLine, toldLines } from './journal-lines.ts';

export interface JournalEntry {
  /** The same for the same entry, whoever writes it: only the first line with an id counts. */
  readonly id: string;
}

export interface JournalForm<T extends JournalEntry> {
  readonly directory: string;
  /** The files are called `<name>.1.jsonl`, `<name>.2.jsonl`, ... */
  readonly name: string;
  /** `undefined` for what is no entry. */
  readonly parse: (value: unknown) => T | undefined;
}

/** A file is sealed when its entries come to more than this, and the next one begun; the oldest go. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 4;
/** No journal of ours grows to this: whatever stands there is left alone, and the next file is used. */
const MAX_OWN_BYTES = 64 * 1024 * 1024;
/** Written at once. */
const MAX_BATCH = 2_000;
/** How often what was written may be found missing before the file system is to blame. */
const MAX_ATTEMPTS = 10;

/**
 * An order of entries that all its readers share, kept by whoever adds to it, without locks: nobody who is killed or
 * stopped keeps anybody else waiting. It stands on two promises of the kernel: an append is ordered among all others
 * (open(2), O_APPEND), and what was read before stays. Who adds an entry twice, or beside another writer, does no
 * harm: the first line with its id counts. A file that has grown too long gets a seal as its last line that counts;
 * what was written behind it is found missing by its writer, who writes it into the next file.
 */
export class Journal<T extends JournalEntry> {
  readonly #files: JournalFiles;
  readonly #parse: JournalForm<T>['parse'];
  readonly #ids = new Set<string>();
  #unread: T[] = [];
  #number = 1;
  #position = new Position();

  constructor({ directory, name, parse }: JournalForm<T>) {
    this.#files = new JournalFiles(directory, name);
    this.#parse = parse;
  }

  /** Whether anybody has ever written to it. @throws a system error */
  exists(): boolean {
    return this.#files.list().length > 0;
  }

  /** Whether this entry was told, as far as the journal has been read. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Gives out what has been read since the last call, in the journal's order. */
  take(): T[] {
    const unread = this.#unread;
    this.#unread = [];
    return unread;
  }

  /** Reads what anybody has written since. @throws a system error; what was read before stands */
  read(): void {
    for (;;) {
      const next = this.#readFile();
      if (next === undefined) return;
      this.#number = next;
      this.#position = new Position();
    }
  }

  /**
   * Writes the entries that are not there yet, and reads on until they are.
   * @param isKept whether an id is to be remembered when the entries of its time are dropped
   * @throws a system error; some entries may have been written
   */
  add(entries: readonly T[], isKept: (id: string) => boolean): void {
    this.read();
    let missing = entries;
    for (let attempt = 0; ; attempt += 1) {
      missing = missing.filter(({ id }) => !this.#ids.has(id));
      if (missing.length === 0) break;
      if (attempt >= MAX_ATTEMPTS + entries.length / MAX_BATCH) throw notKept(this.#files.path(this.#number));
      this.#write(missing.slice(0, MAX_BATCH).map((entry) => JSON.stringify(entry)));
      if (this.#position.entryBytes > MAX_FILE_BYTES) this.#write([sealLine()]);
    }
    this.#dropOldest(isKept);
  }

  #write(lines: readonly string[]): void {
    this.#files.append(this.#number, lines);
    this.read();
  }

  /** What was told is written down anew before the files that tell it go: killed in between, nothing is lost. */
  #dropOldest(isKept: (id: string) => boolean): void {
    const oldest = this.#files.list().slice(0, -MAX_FILES);
    if (oldest.length === 0) return;
    const written = this.#number;
    const kept = Array.from(this.#ids).filter(isKept);
    if (kept.length > 0) this.#write(toldLines(kept));
    // Sealed meanwhile, perhaps before these lines: the next one to add drops them.
    if (this.#number !== written) return;
    for (const number of oldest) this.#files.remove(number);
  }

  /** The file to go on with; `undefined` at the end of the last one. */
  #readFile(): number | undefined {
    const file = this.#files.open(this.#number);
    if (file === undefined) {
      this.#position = new Position();
      return this.#files.list().find((number) => number > this.#number);
    }
    try {
      const isOver = file.size > MAX_OWN_BYTES || this.#readOn(file) === 'sealed';
      return isOver ? this.#number + 1 : undefined;
    } finally {
      file.close();
    }
  }

  #readOn(file: JournalFile): 'sealed' | 'open' {
    this.#position = this.#position.within(file);
    for (const block of file.blocks(this.#position.offset)) {
      this.#position.offset += block.length;
      for (const text of this.#position.lines.take(block)) {
        if (this.#readLine(text) === 'sealed') return 'sealed';
      }
    }
    return 'open';
  }

  #readLine(text: string): 'sealed' | 'open' {
    const line = parseJournalLine(text);
    if (line.kind === 'sealed') return 'sealed';
    if (line.kind === 'told') for (const id of line.ids) this.#ids.add(id);
    if (line.kind === 'entry') this.#readEntry(this.#parse(line.value), Buffer.byteLength(text));
    return 'open';
  }

  #readEntry(entry: T | undefined, bytes: number): void {
    this.#position.entryBytes += bytes;
    if (entry === undefined || this.#ids.has(entry.id)) return;
    this.#ids.add(entry.id);
    this.#unread.push(entry);
  }
}

/** How far one file has been read. */
class Position {
  readonly lines = new LineSplitter();
  offset = 0;
  /** Of entries alone: what is carried over from dropped files must not fill the next one at once. */
  entryBytes = 0;
  #inode: number | undefined;

  /** A file that was replaced or cut is read from its beginning. */
  within(file: JournalFile): Position {
    const isSame = this.#inode === undefined || (this.#inode === file.inode && this.offset <= file.size);
    const position = isSame ? this : new Position();
    position.#inode = file.inode;
    return position;
  }
}

function notKept(path: string): Error {
  return Object.assign(new Error(`EIO: what was appended is not there, write '${path}'`), { code: 'EIO' });
}
