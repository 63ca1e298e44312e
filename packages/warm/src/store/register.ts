import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync } from 'node:fs';
import {
  DIRECTORY_MODE,
  errnoOf,
  type Reading,
  readRecord,
  removeQuietly,
  syncDirectory,
  writeDurably,
} from '@csa/session';

/** One version of a register: its number, and what stands in it. */
export interface Version<T> {
  /** 0: nothing was ever written. */
  readonly number: number;
  readonly reading: Reading<T>;
}

export interface RegisterForm<T> {
  readonly directory: string;
  /** Versions are called `<name>.<number>.json`. */
  readonly name: string;
  /** Throws for what is none of ours. */
  readonly parse: (value: unknown) => T;
}

const KEPT = 2;
/** A number of more digits is none of ours. */
const MAX_DIGITS = 12;

/**
 * A value on disk that many processes change, none of them over another's head: a new version is written whole under
 * a name of its own, and then linked to the next number, which link(2) gives to one alone. The newest version is never
 * removed, so that no number comes back, and who was passed while it slept finds a higher one and withdraws.
 */
export class Register<T> {
  readonly #form: RegisterForm<T>;

  constructor(form: RegisterForm<T>) {
    this.#form = form;
  }

  /** The newest version. What cannot be listed is a version 0 with the trouble as its reading. */
  read(): Version<T> {
    let numbers: number[];
    try {
      numbers = this.#numbers();
    } catch (error) {
      const code = errnoOf(error);
      if (code === undefined) throw error;
      return { number: 0, reading: { kind: 'error', code } };
    }
    const number = numbers.at(-1) ?? 0;
    return { number, reading: number === 0 ? { kind: 'absent' } : this.#readVersion(number) };
  }

  /**
   * Makes the version after `number`, the one that was read. `false`: somebody else was first; read again and decide
   * again.
   * @throws a system error; nothing was changed
   */
  tryWrite(number: number, value: T): boolean {
    const { directory } = this.#form;
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
    const path = this.#path(number + 1);
    const temporary = `${directory}/.${this.#form.name}.${randomBytes(6).toString('hex')}`;
    try {
      writeDurably(temporary, `${JSON.stringify(value)}\n`);
      linkSync(temporary, path);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      removeQuietly(temporary);
    }
    if (this.#isPassed(number + 1)) {
      removeQuietly(path);
      return false;
    }
    syncDirectory(directory);
    this.#dropOld();
    return true;
  }

  #readVersion(number: number): Reading<T> {
    const { parse } = this.#form;
    const place = { path: this.#path(number), owner: process.getuid?.() ?? 0 };
    return readRecord(place, (content) => parse(JSON.parse(content)));
  }

  #isPassed(number: number): boolean {
    return this.#numbers().some((other) => other > number);
  }

  #dropOld(): void {
    try {
      for (const number of this.#numbers().slice(0, -KEPT)) removeQuietly(this.#path(number));
    } catch (error) {
      // The next writer drops them.
      if (errnoOf(error) === undefined) throw error;
    }
  }

  /** Ascending. */
  #numbers(): number[] {
    const prefix = `${this.#form.name}.`;
    const names = namesIn(this.#form.directory);
    return names.flatMap((name) => numberOf(name, prefix)).sort((a, b) => a - b);
  }

  #path(number: number): string {
    return `${this.#form.directory}/${this.#form.name}.${number}.json`;
  }
}

function numberOf(name: string, prefix: string): number[] {
  if (!name.startsWith(prefix) || !name.endsWith('.json')) return [];
  const digits = name.slice(prefix.length, -'.json'.length);
  return /^[1-9]\d*$/.test(digits) && digits.length <= MAX_DIGITS ? [Number(digits)] : [];
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
