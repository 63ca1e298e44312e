import type { EndedSession } from './ended-session.ts';
import type { Sight } from './sight.ts';

interface Entry {
  readonly mark: string;
  readonly ended: EndedSession;
}

/** What is remembered of ended sessions, by their directories. */
export class IndexFile {
  readonly #entries = new Map<string, Entry>();

  constructor(_workshop: string) {}

  get(directory: string, { mark }: Sight): EndedSession | undefined {
    const entry = this.#entries.get(directory);
    return entry?.mark === mark ? entry.ended : undefined;
  }

  put(directory: string, { mark }: Sight, ended: EndedSession): void {
    this.#entries.set(directory, { mark, ended });
  }

  write(): void {}
}
