import { MAX_TEXT, makeDirectory, Refusal, Register, refuseStateWrite, type Version } from '@csa/session/files';
import { keyDirectory } from './key-directory.ts';
import { Ledger } from './ledger.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { countPoll } from './polls.ts';
import { MAX_WORDS, parseState, stateDocument } from './state-form.ts';
import type { Transition } from './transitions.ts';
import { WarmClaim } from './warm-claim.ts';
import type { WarmKey } from './warm-key.ts';
import type { WarmState } from './warm-state.ts';

/** So many others in a row who were first mean that somebody plays with the files. */
const MAX_ATTEMPTS = 100;

/** All that is kept of one conversation and session. Reading creates nothing. */
export class WarmRecord {
  readonly key: WarmKey;
  /** The store's own directory. */
  readonly root: string;
  readonly directory: string;
  /** Of the process that beats. */
  readonly claim: WarmClaim;
  readonly #state: Register<WarmState>;
  readonly #ledger: Ledger;

  constructor(root: string, key: WarmKey) {
    this.key = key;
    this.root = root;
    this.directory = `${root}/${keyDirectory(key)}`;
    this.claim = new WarmClaim(this.directory, 'heartbeat');
    this.#state = new Register({ directory: this.directory, name: 'state', parse: parseState });
    this.#ledger = new Ledger(`${this.directory}/ledger.jsonl`);
  }

  /** `undefined` where nothing was ever switched on, and for whatever is no state of ours: that is inactive too. */
  readState(): WarmState | undefined {
    return this.#stateIn(this.#state.read());
  }

  /** The same for who acts on it. @throws a system error for trouble of the reader's own (EMFILE, EIO): it is not known */
  requireState(): WarmState | undefined {
    const version = this.#state.read();
    if (version.reading.kind === 'error') throw systemError(version.reading.code);
    return this.#stateIn(version);
  }

  /**
   * Changes the state as `next` says, which is asked again when somebody else was first. Returns the state that
   * stands then: the new one, or the old one where nothing was to change.
   * @throws Refusal reason=disk-full | state-root-unwritable | warm-state-unusable | warm-settings-unusable
   */
  change(next: Transition): WarmState | undefined {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const version = this.#state.read();
      const { reading } = version;
      // Unseen it would be overwritten unread.
      if (reading.kind === 'error') refuseStateWrite(systemError(reading.code), this.directory);
      const state = this.#stateIn(version);
      const changed = next(state);
      if (changed === undefined) return state;
      const generation = version.number + 1;
      const value = { ...changed, generation };
      if (this.#tryWrite(version.number, value)) return value;
    }
    throw unusable(this.directory);
  }

  /** @throws a system error for trouble of the reader's own: the books are then not known */
  readLedger(): LedgerEntry[] {
    return this.#ledger.read();
  }

  /** Makes the books where there are none, and says that they can be written to. @throws a system error */
  requireBooks(): void {
    makeDirectory(this.directory);
    this.#ledger.require();
  }

  /**
   * Makes no directory: books whose place is gone were removed.
   * @throws a system error, EFBIG when the books are full: the entry is not in them
   */
  append(entry: LedgerEntry): void {
    this.#ledger.append(entry);
  }

  /** Only for the holder of the claim. @throws a system error */
  rewriteLedger(entries: readonly LedgerEntry[]): void {
    this.#ledger.rewrite(entries);
  }

  /** The how many-th re-run of the agent's chain this is: {@link countPoll}. */
  countPoll(now: number, ttlMs: number): number {
    return countPoll(`${this.directory}/polls.json`, now, ttlMs);
  }

  #tryWrite(number: number, value: WarmState): boolean {
    const document = stateDocument(value);
    // What nobody could read back would be on for its writer, and off for all others.
    if (!isReadable(document)) throw unreadable();
    try {
      return this.#state.tryWrite(number, document);
    } catch (error) {
      return refuseStateWrite(error, this.directory);
    }
  }

  #stateIn({ number, reading }: Version<WarmState>): WarmState | undefined {
    if (reading.kind !== 'present') return undefined;
    const { generation, key } = reading.value;
    return generation === number && isSameKey(key, this.key) ? reading.value : undefined;
  }
}

export function isSameKey(one: WarmKey, other: WarmKey): boolean {
  return one.session === other.session && one.caller.agent === other.caller.agent && one.caller.id === other.caller.id;
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function isReadable(document: unknown): boolean {
  try {
    parseState(document);
    return true;
  } catch {
    return false;
  }
}

function unreadable(): Refusal {
  return new Refusal({
    reason: 'warm-settings-unusable',
    what: 'what is to be kept warm cannot be written down',
    expected: `paths and words of at most ${MAX_TEXT} characters, and at most ${MAX_WORDS} of them`,
    got: 'longer ones, or numbers beyond any use',
    next: 'Put what is long into a script, and name the script',
  });
}

function unusable(directory: string): Refusal {
  return new Refusal({
    reason: 'warm-state-unusable',
    what: 'the state of warming cannot be changed',
    expected: 'a directory that nobody but csa writes to',
    got: `names that always come first in ${directory}`,
    next: 'Remove that directory, and switch warming on again',
  });
}
