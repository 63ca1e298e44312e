import { realpathSync } from 'node:fs';

/** How many are remembered, for each file that is kept, and some more. */
const [NAMES_PER_FILE, MORE_NAMES] = [4, 64];

/**
 * The files to which names have led, which costs more to find out than whether one is still the same. Nothing but a
 * memory: whoever relies on it proves it by what he sees under the name.
 */
export class KnownKeys {
  readonly #keys = new Map<string, string>();

  of(name: string): string | undefined {
    return this.#keys.get(name);
  }

  /** @param files how many of them are kept */
  note(name: string, key: string, files: number): void {
    if (this.#keys.get(name) === key) return;
    if (this.#keys.size >= NAMES_PER_FILE * files + MORE_NAMES) this.#keys.clear();
    this.#keys.set(name, key);
  }

  clear(): void {
    this.#keys.clear();
  }
}

/** `undefined` for what has none: it is gone, too long, or behind a directory that nobody may look into. */
export function realPathOf(name: string): string | undefined {
  try {
    return realpathSync.native(name);
  } catch {
    return undefined;
  }
}
