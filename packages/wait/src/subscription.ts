import { join } from 'node:path';
import { type DaemonRecord, LIFELINE_FILE, type Session } from '@csa/session';
import type { SourceWatch } from './source.ts';
import type { Watching } from './watching.ts';

/** The watches of one wait: the directories of the chain, and the lifeline of the session at its end. */
export class Subscription implements SourceWatch {
  readonly #onHint: () => void;
  readonly #watching: Watching;
  #watched: { readonly key: string; readonly works: boolean; close(): void } | undefined;
  #lifeline: { readonly key: string; close(): void } | undefined;

  constructor(onHint: () => void, watching: Watching) {
    this.#onHint = onHint;
    this.#watching = watching;
  }

  get complete(): boolean {
    return this.#watched?.works === true && this.#lifeline !== undefined;
  }

  follow(chain: readonly Session[]): void {
    const key = chain.map((session) => session.directory).join('\n');
    if (this.#watched?.key === key) return;
    const before = this.#watched;
    const watch = this.#watching.watchSessions(chain, this.#onHint);
    this.#watched = {
      key,
      get works() {
        return watch.works;
      },
      close: () => watch.close(),
    };
    if (before === undefined) return;
    before.close();
    // What changed before the new watch stood is read at the next look.
    this.#onHint();
  }

  holdLifeline(session: Session, { lifeline }: DaemonRecord): void {
    const key =
      lifeline === undefined ? '' : `${session.directory}\n${lifeline.dev} ${lifeline.ino} ${lifeline.bootId}`;
    if (this.#lifeline?.key === key) return;
    this.#lifeline?.close();
    this.#lifeline = undefined;
    if (lifeline === undefined) return;
    const watch = this.#watching.watchLifeline(join(session.directory, LIFELINE_FILE), lifeline, this.#onHint);
    if (watch !== undefined) this.#lifeline = { key, close: () => watch.close() };
  }

  close(): void {
    this.#watched?.close();
    this.#lifeline?.close();
  }
}
