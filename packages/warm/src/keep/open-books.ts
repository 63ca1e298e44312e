import { errnoOf } from '@csa/session';
import type { Turn } from '@csa/transcript';
import type { LedgerEntry } from '../store/ledger-entry.ts';
import type { WarmRecord } from '../store/warm-record.ts';

/** Where books are kept. */
export type Shelf = Pick<WarmRecord, 'readLedger' | 'requireBooks' | 'append' | 'rewriteLedger'>;

/** Books that have grown to this many lines are condensed when they are opened. */
const CONDENSED_FROM = 4_000;
const NOTHING_SAID = { input: null, read: null, write: null, writeHour: null, output: null } as const;

/**
 * The books of one conversation in the hands of whoever alone writes them. What the disk does not take is kept in mind
 * and written later, except for an announcement: what is not announced is not sent.
 */
export class OpenBooks {
  readonly #shelf: Shelf;
  readonly #entries: LedgerEntry[];
  #unwritten: LedgerEntry[] = [];

  /** @throws a system error: the books are not known */
  constructor(shelf: Shelf) {
    this.#shelf = shelf;
    const entries = shelf.readLedger();
    this.#entries = entries.length < CONDENSED_FROM ? entries : condense(entries);
    if (this.#entries.length < entries.length) this.#try(() => shelf.rewriteLedger(this.#entries));
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  /** Notes the caller's own request, once. */
  noteTurn(turn: Turn): void {
    this.#noteUse(useOf(turn));
  }

  /** Notes a request of the caller's of which nothing is known but when it began, once. */
  noteAnchor(at: number): void {
    this.#noteUse({ kind: 'use', id: `anchor-${at}`, at, usage: NOTHING_SAID });
  }

  /** Notes that a request is about to be sent. @throws a system error: it is not in the books and must not be sent */
  announce(entry: Extract<LedgerEntry, { kind: 'sending' }>): void {
    this.#shelf.requireBooks();
    this.#writeRest();
    this.#shelf.append(entry);
    this.#entries.push(entry);
  }

  /** Notes what has come of it. Never throws: as long as it is not written, the announcement counts. */
  settle(entry: Extract<LedgerEntry, { kind: 'beat' }>): void {
    this.#note(entry);
  }

  #noteUse(use: Extract<LedgerEntry, { kind: 'use' }>): void {
    const isKnown = this.#entries.some((entry) => entry.kind === 'use' && entry.id === use.id);
    if (!isKnown) this.#note(use);
  }

  #note(entry: LedgerEntry): void {
    this.#entries.push(entry);
    this.#unwritten.push(entry);
    this.#try(() => this.#writeRest());
  }

  /** @throws a system error; what could not be written stays for the next time */
  #writeRest(): void {
    for (let entry = this.#unwritten[0]; entry !== undefined; entry = this.#unwritten[0]) {
      this.#shelf.append(entry);
      this.#unwritten.shift();
    }
  }

  #try(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
}

/** The books' line about a request of the caller's own. */
export function useOf({ id, startedAt, model, tokens, tier }: Turn): Extract<LedgerEntry, { kind: 'use' }> {
  return { kind: 'use', id, at: startedAt, usage: tokens, model, ...(tier === undefined ? {} : { tier }) };
}

/**
 * The same books in fewer lines: announcements that were answered go, and of the caller's requests between two warms
 * all but the first, which may have profited from the one, and the last, from which on the other one counts.
 */
export function condense(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const answered = new Set(entries.flatMap((entry) => (entry.kind === 'beat' ? [entry.id] : [])));
  const sorted = entries.toSorted((a, b) => a.at - b.at);
  const kept = sorted.filter((entry) => entry.kind !== 'sending' || !answered.has(entry.id));
  const isUse = (entry: LedgerEntry | undefined): boolean => entry?.kind === 'use';
  return kept.filter((entry, i) => !(isUse(entry) && isUse(kept[i - 1]) && isUse(kept[i + 1])));
}
