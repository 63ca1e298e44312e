import { hash } from 'node:crypto';
import { deepFreeze } from './freeze.ts';
import { type FileReader, isYoung, type MaybeLater, type ReadFile } from './kept.ts';
import { withFile } from './open-file.ts';
import { isSameFile, type Validator, validatorAt } from './validator.ts';

/** A longer file is not kept while it is young. */
const MAX_MARKED_BYTES = 1024 * 1024;

/** Has a file, or a directory, read as a whole by whoever knows how. */
export class WholeReader<T> implements FileReader<undefined, T> {
  readonly #read: (path: string) => MaybeLater<T>;

  constructor(read: (path: string) => MaybeLater<T>) {
    this.#read = read;
  }

  read(path: string, seen: Validator | undefined): MaybeLater<ReadFile<undefined, T>> {
    const wasYoung = seen !== undefined && isYoung(seen);
    const mark = wasYoung ? this.markOf(path, seen) : undefined;
    const settle = (value: T): ReadFile<undefined, T> => {
      deepFreeze(value);
      const after = validatorAt(path);
      const isSame = seen !== undefined && after !== undefined && isSameFile(seen, after);
      if (!isSame || (wasYoung && mark === undefined)) return { value };
      return { value, kept: { validator: seen, mark, wasYoung, reached: { value, state: undefined, from: 0 } } };
    };
    const value = this.#read(path);
    return value instanceof Promise ? value.then(settle) : settle(value);
  }

  markOf(path: string, { size }: Validator): string | undefined {
    try {
      const bytes = Number(size);
      return bytes > MAX_MARKED_BYTES ? undefined : withFile(path, (file) => hash('sha1', file.read(0, bytes)));
    } catch {
      // A directory, a pipe, or what nobody may read: there are no bytes to be compared.
      return undefined;
    }
  }
}
