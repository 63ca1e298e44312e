import { deepFreeze } from './freeze.ts';
import type { Kept } from './kept.ts';
import { isValidator } from './validator.ts';

/**
 * A second level that outlives the process, and is nothing but a memory: what it has lost, or holds of another file, is
 * read anew. Whatever it throws is ignored.
 */
export interface Shelf {
  /** What was put there last, as JSON gives it back; `undefined`: nothing. */
  take(key: string): unknown;
  put(key: string, image: unknown): void;
}

/** What a shelf holds, and how it is made and understood. */
export interface Shelving<C> {
  readonly shelf: Shelf;
  /** A JSON value; absent: what was read is one itself. */
  save?(content: C): unknown;
  /** @throws for whatever was not made by `save`: nothing about it is certain */
  load(image: unknown): C;
}

/** Keeps on a shelf what was read of files. */
export class Shelved<S, T> {
  readonly #shelving: Shelving<Kept<S, T>['reached']>;

  constructor(shelving: Shelving<Kept<S, T>['reached']>) {
    this.#shelving = shelving;
  }

  take(key: string): Kept<S, T> | undefined {
    try {
      const image = this.#shelving.shelf.take(key);
      return image === undefined ? undefined : this.#keptOf(image);
    } catch {
      return undefined;
    }
  }

  put(key: string, { reached, ...stamp }: Kept<S, T>): void {
    const { shelf, save = (content) => content } = this.#shelving;
    try {
      shelf.put(key, { ...stamp, content: save(reached) });
    } catch {
      // It is read again next time.
    }
  }

  #keptOf(image: unknown): Kept<S, T> | undefined {
    const { validator, mark, wasYoung, content } = Object(image) as Partial<Record<string, unknown>>;
    const isMarked = typeof mark === 'string' || (mark === undefined && wasYoung === false);
    if (!isValidator(validator) || !isMarked || typeof wasYoung !== 'boolean') return undefined;
    return { validator, mark, wasYoung, reached: deepFreeze(this.#shelving.load(content)) };
  }
}
