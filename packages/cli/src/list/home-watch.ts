import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';
import { errnoOf, isSessionId, type LookupScope, sessionsDirectory } from '@csa/session';

/**
 * Tells when a session of a project appears or goes. The legacy state root gets no new ones, and of all projects only
 * the scope's own is watched: the rest is found when the names are read anew.
 */
export class HomeWatch {
  readonly #onHint: () => void;
  #watcher: FSWatcher | undefined;

  constructor(onHint: () => void) {
    this.#onHint = onHint;
  }

  /** Begins to watch where it can and does not yet; `false` where nothing will be told. */
  follow({ project, roots }: LookupScope): boolean {
    this.#watcher ??= this.#open(sessionsDirectory(roots.primary, project));
    return this.#watcher !== undefined;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** `undefined` where there is no such directory yet, or no inotify instance left. */
  #open(directory: string): FSWatcher | undefined {
    try {
      const watcher = watch(directory, (_event, name) => {
        const isGone = name === null || name === basename(directory);
        if (isGone) this.close();
        // Sessions that are not born yet, and what else stands beside them, are no news.
        if (isGone || isSessionId(name)) this.#onHint();
      });
      watcher.on('error', () => this.close());
      return watcher;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  }
}
