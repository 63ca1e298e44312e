import { type FSWatcher, lstatSync, watch } from 'node:fs';
import { basename } from 'node:path';
import type { LookupScope } from './listing.ts';
import { errnoOf } from './refusal.ts';
import { isSessionId } from './session-id.ts';
import { sessionsDirectory } from './state-root.ts';

/** Hints on sessions that appear and go, in both state roots. */
export class ListingWatch {
  readonly #directories: readonly string[];
  readonly #onHint: () => void;
  readonly #watchers = new Map<string, { readonly inode: number; readonly watcher: FSWatcher }>();
  #works = true;

  constructor({ project, roots }: LookupScope, onHint: () => void) {
    this.#directories = [roots.primary, roots.legacy].map((root) => sessionsDirectory(root, project));
    this.#onHint = onHint;
    this.refresh();
  }

  /** `false` where a directory is there and cannot be watched, or none is there: look from time to time. */
  get works(): boolean {
    return this.#works && this.#watchers.size > 0;
  }

  /** Watches the directories that stand there now; call it before each listing. */
  refresh(): void {
    this.#works = true;
    for (const directory of this.#directories) this.#watch(directory);
  }

  close(): void {
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(directory: string): void {
    try {
      const inode = lstatSync(directory, { throwIfNoEntry: false })?.ino;
      const before = this.#watchers.get(directory);
      if (before?.inode === inode) return;
      before?.watcher.close();
      this.#watchers.delete(directory);
      if (inode === undefined) return;
      const watcher = watch(directory, (_event, name) => {
        // Sessions that are not born yet, and what else stands beside them, are no news.
        if (name === null || name === basename(directory) || isSessionId(name)) this.#onHint();
      });
      watcher.on('error', () => this.#fail(directory));
      this.#watchers.set(directory, { inode, watcher });
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      this.#works = false;
    }
  }

  #fail(directory: string): void {
    this.#watchers.get(directory)?.watcher.close();
    this.#watchers.delete(directory);
    this.#onHint();
  }
}
