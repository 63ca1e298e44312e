import { type FSWatcher, watch } from 'node:fs';
import { errnoOf } from './refusal.ts';
import type { Session } from './session.ts';
import { type SessionWatch, SILENT, WatchHub } from './watch-hub.ts';

/**
 * Calls `onHint` whenever something in the sessions' directories may have changed, and when a directory goes.
 * Keeps the event loop alive until closed.
 */
export function watchSessions(sessions: readonly Session[], onHint: () => void): SessionWatch {
  const [only, ...others] = sessions;
  if (only === undefined) return { works: true, close: () => {} };
  return others.length === 0 ? watchOne(only, onHint) : new WatchHub().watch(sessions, onHint);
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
