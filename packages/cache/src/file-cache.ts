import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CacheOptions, DEFAULT_BOUNDS, fileReaderOf, shelvedOf } from './cache-options.ts';
import { type FileReader, isCurrent, type Kept, type MaybeLater, type ReadFile } from './kept.ts';
import { Residents } from './residents.ts';
import type { Shelved } from './shelf.ts';
import { isSameFile, type Validator, validatorAt } from './validator.ts';

export interface CacheStats {
  /** Questions that were answered with what was kept. */
  readonly hits: number;
  /** All others. */
  readonly misses: number;
  /** Readings of files, as a whole or on from where an earlier one had ended. */
  readonly parses: number;
  /** Entries that had to go for want of room. */
  readonly evictions: number;
}

/** What is asked for. */
interface Question {
  readonly name: string;
  /** The real path, or the name of what has none. */
  readonly key: string;
  /** Absent where it cannot be looked at. */
  readonly seen: Validator | undefined;
}

/** A reading that is under way, of a file that was seen in that state. */
interface Flight<T> {
  readonly seen: Validator | undefined;
  readonly landing: Promise<T>;
}

/** How many names of files are remembered, for each that is kept, and some more. */
const [NAMES_PER_ENTRY, MORE_NAMES] = [4, 64];

/**
 * Keeps what was read of files as long as they are the same on the disk. It gives what a reading would give now, and
 * throws what a reading would throw; values are frozen, for all readers share them.
 */
export class FileCache<T> {
  readonly #reader: FileReader<unknown, T>;
  readonly #shelved: Shelved<unknown, T> | undefined;
  readonly #weigh: (value: T, validator: Validator) => number;
  readonly #residents: Residents<Kept<unknown, T>>;
  /** Which file a name led to. */
  readonly #keys = new Map<string, string>();
  #flights = new Map<string, Flight<T>>();
  #hits = 0;
  #misses = 0;
  #parses = 0;

  /** @throws RangeError for a bound that is no whole number, or negative */
  constructor(options: CacheOptions<T>) {
    const { maxEntries = DEFAULT_BOUNDS.maxEntries, maxBytes = DEFAULT_BOUNDS.maxBytes, weigh } = options;
    this.#residents = new Residents({ maxEntries, maxBytes });
    this.#reader = fileReaderOf(options);
    this.#shelved = shelvedOf(options);
    this.#weigh = weigh ?? ((_, { size }) => Number(size));
  }

  /** One reading of a file at a time, in which all share who ask meanwhile. @throws what the reading throws */
  async get(path: string): Promise<T> {
    for (;;) {
      const question = this.#ask(path);
      const kept = this.#keptFor(question);
      if (kept !== undefined) return kept.reached.value;
      const flight = this.#flights.get(question.key);
      if (flight === undefined) return this.#fly(question);
      if (isSameSight(flight.seen, question.seen)) {
        this.#misses += 1;
        return flight.landing;
      }
      // It may have begun before the file was what it is now.
      await flight.landing.catch(() => undefined);
    }
  }

  /** For files that are read at once. @throws what the reading throws, and TypeError where it is asynchronous */
  getSync(path: string): T {
    const question = this.#ask(path);
    const kept = this.#keptFor(question);
    if (kept !== undefined) return kept.reached.value;
    const value = this.#read(question);
    if (!(value instanceof Promise)) return value;
    value.catch(() => undefined);
    throw new TypeError('What is read asynchronously is to be asked for with get');
  }

  /** Forgets everything, also what is being read right now; the numbers and the shelf stay. */
  clear(): void {
    this.#residents.clear();
    this.#keys.clear();
    this.#flights = new Map();
  }

  /** 0 keeps nothing. @throws RangeError for what is no whole number, or negative */
  setMaxEntries(maxEntries: number): void {
    this.#residents.setMaxEntries(maxEntries);
  }

  stats(): CacheStats {
    const evictions = this.#residents.evictions;
    return { hits: this.#hits, misses: this.#misses, parses: this.#parses, evictions };
  }

  /** One look at the file; the name alone says where it is, as long as what was kept under that name is the same. */
  #ask(path: string): Question {
    const name = resolve(path);
    const seen = validatorAt(name);
    const known = this.#keys.get(name);
    if (seen !== undefined && known !== undefined && this.#isSame(known, seen)) return { name, key: known, seen };
    const key = seen === undefined ? undefined : realPathOf(name);
    if (key !== undefined) return { name, key, seen };
    this.#residents.delete(known ?? name);
    return { name, key: name, seen: undefined };
  }

  #isSame(key: string, seen: Validator): boolean {
    const kept = this.#residents.peek(key);
    return kept !== undefined && isSameFile(kept.validator, seen);
  }

  #keptFor({ name, key, seen }: Question): Kept<unknown, T> | undefined {
    const kept = this.#residents.peek(key);
    if (kept === undefined || !this.#isCurrent(kept, key, seen)) return undefined;
    this.#hits += 1;
    this.#residents.touch(key);
    this.#remember(name, key);
    return kept;
  }

  #isCurrent(kept: Kept<unknown, T>, key: string, seen: Validator | undefined): seen is Validator {
    return seen !== undefined && isCurrent(kept, seen, () => this.#reader.markOf(key, seen));
  }

  #fly(question: Question): MaybeLater<T> {
    const { key, seen } = question;
    const flights = this.#flights;
    const value = this.#read(question);
    if (!(value instanceof Promise)) return value;
    const landing = value.finally(() => flights.delete(key));
    flights.set(key, { seen, landing });
    return landing;
  }

  #read(question: Question): MaybeLater<T> {
    const { key, seen } = question;
    this.#misses += 1;
    const known = seen && (this.#residents.peek(key) ?? this.#shelved?.take(key));
    if (known !== undefined && this.#isCurrent(known, key, seen)) return this.#keep(question, known);
    this.#parses += 1;
    const flights = this.#flights;
    const settle = ({ value, kept }: ReadFile<unknown, T>): T => {
      // What was forgotten meanwhile stays forgotten.
      if (flights !== this.#flights) return value;
      if (kept === undefined) this.#residents.delete(key);
      else this.#shelved?.put(key, kept);
      return kept === undefined ? value : this.#keep(question, kept);
    };
    const reading = this.#reader.read(key, seen, known);
    return reading instanceof Promise ? reading.then(settle) : settle(reading);
  }

  #keep({ name, key }: Question, kept: Kept<unknown, T>): T {
    const { value } = kept.reached;
    this.#residents.offer(key, kept, this.#weigh(value, kept.validator));
    this.#remember(name, key);
    return value;
  }

  #remember(name: string, key: string): void {
    if (this.#residents.peek(key) === undefined || this.#keys.get(name) === key) return;
    if (this.#keys.size >= NAMES_PER_ENTRY * this.#residents.size + MORE_NAMES) this.#keys.clear();
    this.#keys.set(name, key);
  }
}

function realPathOf(name: string): string | undefined {
  try {
    return realpathSync.native(name);
  } catch {
    // Gone in between, or too long.
    return undefined;
  }
}

function isSameSight(one: Validator | undefined, other: Validator | undefined): boolean {
  return one === undefined || other === undefined ? one === other : isSameFile(one, other);
}
