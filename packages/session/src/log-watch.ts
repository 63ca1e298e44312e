import { type FSWatcher, watch } from 'node:fs';
import { LOG_NAMES } from './log-file.ts';
import { errnoOf } from './refusal.ts';
import type { Session } from './session.ts';

const NAMES: ReadonlySet<string> = new Set(LOG_NAMES);

/**
 * Calls `onHint` whenever a log of the session may have changed; gives what ends that. A directory that cannot be
 * watched says nothing: look from time to time anyway.
 */
export function watchLogs(session: Session, onHint: () => void): () => void {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(session.directory, (_event, name) => {
      if (name === null || NAMES.has(name)) onHint();
    });
    // The directory is gone, or its watch: the looks go on.
    watcher.on('error', () => {});
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
  return () => watcher?.close();
}
