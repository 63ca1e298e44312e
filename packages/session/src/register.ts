import { randomBytes } from 'node:crypto';
import { linkSync } from 'node:fs';
import { removeQuietly, syncDirectory, writeDurably } from './atomic-write.ts';
import { makeDirectory } from './make-directory.ts';
import { namesIn } from './names-in.ts';
import { type Reading, readRecord } from './reading.ts';
import { errnoOf } from './refusal.ts';

/** One version of a register: its number, and what stands in it. */
export interface Version<T> {
  /** 0: nothing was ever written. */
  readonly number: number;
  readonly reading: Reading<T>;
}

export interface RegisterForm<T> {
  readonly directory: string;
  /** Versions are called `<name>.<number>.json`, drafts of them `.<name>.<number>.<random>`. */
  readonly name: string;
  /** Throws for what is none of ours. */
  readonly parse: (value: unknown) => T;
}

const KEPT = 2;
/** A number of more digits is none of ours. */
const MAX_DIGITS = 12;
/** A name that stays and cannot be opened is a link to nowhere, or a joke. */
const MAX_ATTEMPTS = 20;

/**
 * A value on disk that many processes change, none of them over another's head. A new version is written whole as a
 * draft for its number, and then linked to that number, which link(2) gives to one alone.
 *
 * No number is ever given twice, although old versions are removed: whoever has made a draft looks once more whether its
 * number is the next one, and whoever removes a version removes the drafts for it first. So a draft that slept while
 * others passed it is gone, and cannot be linked. Where all versions are removed the numbers begin anew: whoever has
 * linked a version behind one that is gone takes it back.
 */
export class Register<T> {
  readonly #form: RegisterForm<T>;

  constructor(form: RegisterForm<T>) {
    this.#form = form;
  }

  /** The newest version. What cannot be listed is a version 0 with the trouble as its reading. */
  read(): Version<T> {
    try {
      for (let attempt = 0; ; attempt += 1) {
        const number = this.#newest();
        const reading: Reading<T> = number === 0 ? { kind: 'absent' } : this.#readVersion(number);
        // Old already when it was opened: a newer one is there.
        const isPassed = number > 0 && reading.kind === 'absent' && attempt < MAX_ATTEMPTS;
        if (!isPassed) return { number, reading };
      }
    } catch (error) {
      const code = errnoOf(error);
      if (code === undefined) throw error;
      return { number: 0, reading: { kind: 'error', code } };
    }
  }

  /**
   * Makes the version after `number`, the one that was read. `false`: somebody else was first; read again and decide
   * again.
   * @throws a system error; nothing was changed
   */
  tryWrite(number: number, value: T): boolean {
    const { directory, name } = this.#form;
    const next = number + 1;
    // Behind a name that somebody made up nothing would ever be found again.
    if (`${next}`.length > MAX_DIGITS) return false;
    makeDirectory(directory);
    const draft = `${directory}/.${name}.${next}.${randomBytes(6).toString('hex')}`;
    try {
      writeDurably(draft, `${JSON.stringify(value)}\n`);
      if (this.#newest() !== number) return false;
      linkSync(draft, this.#path(next));
      if (this.#isCutOff(number)) {
        removeQuietly(this.#path(next));
        return false;
      }
    } catch (error) {
      const code = errnoOf(error);
      // Taken by somebody else, or passed by others who have removed the draft.
      if (code === 'EEXIST' || code === 'ENOENT') return false;
      throw error;
    } finally {
      removeQuietly(draft);
    }
    syncDirectory(directory);
    this.#dropOld();
    return true;
  }

  /**
   * Removes the whole register, of which `number` was read as the newest version. `false`: it is no longer. Only for
   * one process at a time: the names that it removes may come back.
   * @throws a system error
   */
  tryRemove(number: number): boolean {
    const { directory } = this.#form;
    this.removeDrafts();
    const versions = this.#versionsAmong(namesIn(directory, 'throw')).sort((a, b) => a - b);
    if ((versions.at(-1) ?? 0) !== number) return false;
    // The newest one last: killed in between, this leaves what stood there.
    for (const version of versions) removeQuietly(this.#path(version));
    return true;
  }

  /** Whoever was about to link one of them makes another. @throws a system error */
  removeDrafts(): void {
    const { directory, name } = this.#form;
    for (const draft of namesIn(directory, 'throw')) {
      if (numberIn(draft, `.${name}.`, '') !== undefined) removeQuietly(`${directory}/${draft}`);
    }
  }

  /** The version after it was linked, and it is gone although nobody has gone on: all of them were removed. */
  #isCutOff(number: number): boolean {
    if (number === 0) return false;
    const versions = this.#versionsAmong(namesIn(this.#form.directory, 'throw'));
    return !versions.includes(number) && versions.every((each) => each <= number + 1);
  }

  #readVersion(number: number): Reading<T> {
    const { parse } = this.#form;
    const place = { path: this.#path(number), owner: process.getuid?.() ?? 0 };
    return readRecord(place, (content) => parse(JSON.parse(content)));
  }

  #newest(): number {
    return this.#versionsAmong(namesIn(this.#form.directory, 'throw')).reduce((a, b) => Math.max(a, b), 0);
  }

  /** By one listing: drafts that are made after it look for themselves. */
  #dropOld(): void {
    const { directory, name } = this.#form;
    try {
      const names = namesIn(directory, 'throw');
      const old = this.#versionsAmong(names)
        .sort((a, b) => b - a)
        .slice(KEPT);
      for (const draft of names) {
        const number = numberIn(draft, `.${name}.`, '');
        if (number !== undefined && number <= (old[0] ?? 0)) removeQuietly(`${directory}/${draft}`);
      }
      for (const number of old) removeQuietly(this.#path(number));
    } catch (error) {
      // The next writer drops them.
      if (errnoOf(error) === undefined) throw error;
    }
  }

  #versionsAmong(names: readonly string[]): number[] {
    return names.flatMap((each) => numberIn(each, `${this.#form.name}.`, 'json') ?? []);
  }

  #path(number: number): string {
    return `${this.#form.directory}/${this.#form.name}.${number}.json`;
  }
}

/** The number between `prefix` and a dot; `undefined` for every other name, and where another `end` follows. */
function numberIn(name: string, prefix: string, end: string): number | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [digits = '', rest, ...more] = name.slice(prefix.length).split('.');
  if (!/^[1-9]\d*$/.test(digits) || digits.length > MAX_DIGITS || rest === undefined || more.length > 0)
    return undefined;
  return end === '' || rest === end ? Number(digits) : undefined;
}
