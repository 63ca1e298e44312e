import { dirname } from 'node:path';
import type { FSWatcher as Chokidar } from 'chokidar';
import { LOG_NAMES } from './log-file.ts';
import type { Session } from './session.ts';

/** Changes are hints: whoever gets one reads again. */
export interface SessionWatch {
  /** `false` once a directory cannot be watched: no inotify instance left, a file system without events. */
  readonly works: boolean;
  close(): void;
}

// A chatty command changes its logs thousands of times a second; they cannot change an answer.
export const SILENT: ReadonlySet<string> = new Set(LOG_NAMES);

/**
 * One chokidar for the sessions of many waits: a hint goes to those alone who watch the session that changed. It is
 * loaded when the first look of all has passed without an answer, and closed with the last watch.
 */
export class WatchHub {
  readonly #listeners = new Map<string, Set<() => void>>();
  /** Directories of which every change is told. */
  #heard = new Set<string>();
  #chokidar: Chokidar | undefined;
  #isBegun = false;

  /**
   * `works` is true once chokidar stands. A session that joins later is watched as well, but chokidar does not say
   * since when, so that its waiter goes on to look by itself.
   */
  watch(sessions: readonly Session[], onHint: () => void): SessionWatch {
    const hub = this;
    const directories = sessions.map((session) => session.directory);
    const listener = (): void => onHint();
    for (const directory of directories) this.#join(directory, listener);
    if (!this.#isBegun) this.#begin();
    return {
      get works() {
        return directories.every((directory) => hub.#heard.has(directory));
      },
      close: () => this.#leave(directories, listener),
    };
  }

  #join(directory: string, listener: () => void): void {
    const listeners = this.#listeners.get(directory);
    if (listeners !== undefined) {
      listeners.add(listener);
      return;
    }
    this.#listeners.set(directory, new Set([listener]));
    this.#chokidar?.add(directory);
  }

  #leave(directories: readonly string[], listener: () => void): void {
    for (const directory of directories) {
      const listeners = this.#listeners.get(directory);
      if (listeners?.delete(listener) && listeners.size === 0) this.#forget(directory);
    }
    if (this.#listeners.size > 0) return;
    void this.#chokidar?.close();
    this.#chokidar = undefined;
    this.#heard.clear();
    this.#isBegun = false;
  }

  /** Once for all that leave at the same time: when nobody is left, closing costs a fraction of it. */
  #forget(directory: string): void {
    this.#listeners.delete(directory);
    setImmediate(() => {
      if (this.#chokidar === undefined || this.#listeners.has(directory)) return;
      this.#heard.delete(directory);
      // A directory that is gone would else be waited for by watching all of its siblings.
      this.#chokidar.unwatch(directory);
    });
  }

  #begin(): void {
    this.#isBegun = true;
    // What is answered at its first look needs no watcher.
    setImmediate(() => void this.#load().catch(() => {}));
  }

  async #load(): Promise<void> {
    if (this.#listeners.size === 0) return;
    const { default: chokidar } = await import('chokidar');
    if (this.#listeners.size === 0 || this.#chokidar !== undefined) return;
    const directories = [...this.#listeners.keys()];
    const watcher = chokidar.watch(directories, {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (path) => SILENT.has(path.slice(path.lastIndexOf('/') + 1)),
    });
    this.#chokidar = watcher;
    let isDeaf = false;
    watcher.on('all', (_event, path) => this.#tell(this.#listeners.has(path) ? path : dirname(path)));
    // Out of inotify instances chokidar says error, then ready, then nothing for ever.
    watcher.on('error', () => {
      isDeaf = true;
      this.#heard.clear();
    });
    watcher.on('ready', () => {
      if (!isDeaf) this.#heard = new Set(directories);
      for (const directory of directories) this.#tell(directory);
    });
  }

  #tell(directory: string): void {
    for (const listener of this.#listeners.get(directory) ?? []) listener();
  }
}
