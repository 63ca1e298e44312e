import type { FileReader, MaybeLater, Reached } from './kept.ts';
import { GrowingReader, type LineReader } from './line-reader.ts';
import type { Bounds } from './residents.ts';
import { Shelved, type Shelving } from './shelf.ts';
import { WholeReader } from './whole-reader.ts';

/** How files are read, and how much is kept of them. */
export type CacheOptions<T> = Partial<Bounds> & {
  /** What a value weighs, in bytes; absent: as much as its file. */
  weigh?(value: T): number;
} & (WholeOptions<T> | LinesOptions<T>);

interface WholeOptions<T> {
  /** Reads a file or a directory, named by its real path; or by the name that was asked for, where it has none. */
  read(path: string): MaybeLater<T>;
  readonly lines?: never;
  readonly shelving?: Shelving<T>;
}

interface LinesOptions<T> {
  /** Reads a file that only ever grows. */
  readonly lines: LineReader<unknown, T>;
  readonly shelving?: Shelving<Reached<unknown, T>>;
}

export const DEFAULT_BOUNDS: Bounds = { maxEntries: 200, maxBytes: 64 * 1024 * 1024 };

export function fileReaderOf<T>(options: CacheOptions<T>): FileReader<unknown, T> {
  return options.lines === undefined ? new WholeReader(options.read) : new GrowingReader(options.lines);
}

export function shelvedOf<T>(options: CacheOptions<T>): Shelved<unknown, T> | undefined {
  if (options.lines !== undefined) return options.shelving && new Shelved(options.shelving);
  const { shelving } = options;
  return shelving && new Shelved(shelvingOfWhole(shelving));
}

/** Of a file that is read as a whole there is nothing but its value. */
function shelvingOfWhole<T>({ shelf, save = (value) => value, load }: Shelving<T>): Shelving<Reached<unknown, T>> {
  return {
    shelf,
    save: ({ value }) => save(value),
    load: (image) => ({ value: load(image), state: undefined, from: 0 }),
  };
}
