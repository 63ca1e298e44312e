import { type FSWatcher, watch } from 'node:fs';
import type { FSWatcher as Chokidar } from 'chokidar';
import { errnoOf } from './refusal.ts';
import type { Session } from './session.ts';

/** Changes are hints: whoever gets one reads again. */
export interface SessionWatch {
  /** `false` once a directory cannot be watched: no inotify instance left, a file system without events. */
  readonly works: boolean;
  close(): void;
}

// A chatty command changes its logs thousands of times a second; only these names can change an answer.
const SILENT = new Set(['stdout.log', 'stderr.log', 'output.log']);

/**
 * Calls `onHint` whenever something in the sessions' directories may have changed, and when a directory goes.
 * Keeps the event loop alive until closed.
 */
export function watchSessions(sessions: readonly Session[], onHint: () => void): SessionWatch {
  const [only, ...others] = sessions;
  if (only === undefined) return { works: true, close: () => {} };
  return others.length === 0 ? watchOne(only, onHint) : watchMany(sessions, onHint);
}

/** fs.watch tells of a rename ten times sooner than chokidar, and loads nothing. */
function watchOne(session: Session, onHint: () => void): SessionWatch {
  const state = { works: true };
  const onEvent = (_event: string, name: string | null): void => {
    if (name === null || !SILENT.has(name)) onHint();
  };
  let watcher: FSWatcher | undefined;
  const fail = (): void => {
    state.works = false;
    onHint();
  };
  try {
    watcher = watch(session.directory, onEvent);
    watcher.on('error', fail);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    state.works = false;
  }
  return {
    get works() {
      return state.works;
    },
    close: () => watcher?.close(),
  };
}

/** One chokidar for all; it is loaded only here. */
function watchMany(sessions: readonly Session[], onHint: () => void): SessionWatch {
  const state = { works: false, closed: false };
  let watcher: Chokidar | undefined;
  const begin = async (): Promise<void> => {
    const { default: chokidar } = await import('chokidar');
    if (state.closed) return;
    watcher = chokidar.watch(
      sessions.map((session) => session.directory),
      { depth: 0, ignoreInitial: true, followSymlinks: false, ignored: (path) => SILENT.has(lastName(path)) },
    );
    watcher.on('all', onHint);
    // Out of inotify instances chokidar says error, then ready, then nothing for ever.
    watcher.on('error', () => {
      state.works = false;
      state.closed = true;
    });
    watcher.on('ready', () => {
      state.works = !state.closed;
      onHint();
    });
  };
  void begin().catch(() => {
    state.works = false;
  });
  return {
    get works() {
      return state.works;
    },
    close: () => {
      state.closed = true;
      void watcher?.close();
    },
  };
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
