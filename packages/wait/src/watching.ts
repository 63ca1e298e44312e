import { type LifelineRecord, openFilesLimit, watchLifeline } from '@csa/liveness';
import { type Session, type SessionWatch, WatchHub, watchSessions } from '@csa/session';

/** How a wait is told of changes. */
export interface Watching {
  watchSessions(sessions: readonly Session[], onHint: () => void): SessionWatch;
  /** `undefined`: it is not watched, and the daemon has to be looked at again and again. */
  watchLifeline(path: string, record: LifelineRecord, onEnd: () => void): { close(): void } | undefined;
}

/** A wait of its own. */
export const OWN_WATCHING: Watching = { watchSessions, watchLifeline };

/** Descriptors of the program itself, and of the files that a look opens. */
const OTHER_DESCRIPTORS = 32;
/** The least that POSIX systems are set to. */
const USUAL_DESCRIPTORS = 256;

/**
 * What those share who follow many sessions for long: a bound on the lifelines that they hold open together. Who has
 * no lifeline of a session is slower; who cannot open a file any more says nothing. Each directory has a watch of its
 * own, which costs no descriptor, and whoever joins late is told of every change.
 */
export class BoundedWatching implements Watching {
  readonly #mostLifelines: number;
  #lifelines = 0;

  constructor(descriptors: number = descriptorLimit()) {
    this.#mostLifelines = Math.floor(descriptors / 2) - OTHER_DESCRIPTORS;
  }

  watchSessions(sessions: readonly Session[], onHint: () => void): SessionWatch {
    return watchSessions(sessions, onHint);
  }

  watchLifeline(path: string, record: LifelineRecord, onEnd: () => void): { close(): void } | undefined {
    if (this.#lifelines >= this.#mostLifelines) return undefined;
    let isHeld = true;
    const release = (): void => {
      if (isHeld) this.#lifelines -= 1;
      isHeld = false;
    };
    const watch = watchLifeline(path, record, () => {
      release();
      onEnd();
    });
    if (watch === undefined) return undefined;
    this.#lifelines += 1;
    return {
      close: () => {
        release();
        watch.close();
      },
    };
  }
}

/** What many waits that begin together share besides: one watcher for all of their directories. */
export class SharedWatching extends BoundedWatching {
  readonly #hub = new WatchHub();

  override watchSessions(sessions: readonly Session[], onHint: () => void): SessionWatch {
    return this.#hub.watch(sessions, onHint);
  }
}

/** How many descriptors this process may open. Where there is no /proc Node has raised it as far as it goes. */
function descriptorLimit(): number {
  return openFilesLimit() ?? (process.platform === 'linux' ? USUAL_DESCRIPTORS : Number.POSITIVE_INFINITY);
}
