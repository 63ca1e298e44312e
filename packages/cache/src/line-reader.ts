import { hash } from 'node:crypto';
import { deepFreeze } from './freeze.ts';
import { type FileReader, isYoung, type Kept, type Reached, type ReadFile } from './kept.ts';
import { type Line, linesFrom } from './lines.ts';
import { type OpenFile, withFile } from './open-file.ts';
import { isSameFile, type Validator } from './validator.ts';

/** Makes a value of the lines of a file to which others are only ever added. */
export interface LineReader<S, T> {
  /** @param from the state that an earlier reading reached, which is not to be changed; absent: from the beginning */
  begin(from?: S): LineFold<S, T>;
}

/** One reading. */
export interface LineFold<S, T> {
  /** Takes the next whole line, which begins at that offset, in bytes. */
  take(line: string, at: number): void;
  /**
   * What came of it. Value and state are frozen.
   * @param end where the next line will begin, in bytes
   * @param torn what stands there already: it may count for the value, and never for the state
   */
  end(end: number, torn: string | undefined): Reached<S, T>;
}

/** Enough that no other text is taken for the one that was read. */
const HEAD_BYTES = 1024;
const TAIL_BYTES = 4096;
/** Of a file that changes under its reader; then it is given as it was found. */
const MORE_READINGS = 3;

/** Reads a file on from where an earlier reading ended: an append costs what was appended. */
export class GrowingReader<S, T> implements FileReader<S, T> {
  readonly #lines: LineReader<S, T>;

  constructor(lines: LineReader<S, T>) {
    this.#lines = lines;
  }

  read(path: string, _seen: Validator | undefined, known: Kept<S, T> | undefined): ReadFile<S, T> {
    let read = this.#readOnce(path, known);
    // Truncated or written anew meanwhile: it would be a part of the one text and a part of the other.
    for (let left = MORE_READINGS; read.kept === undefined && left > 0; left -= 1) read = this.#readOnce(path);
    return read;
  }

  markOf(path: string, { size }: Validator): string | undefined {
    try {
      return withFile(path, (file) => markBefore(file, Number(size)));
    } catch {
      // It was there a moment ago: whoever reads it will be told.
      return undefined;
    }
  }

  #readOnce(path: string, known?: Kept<S, T>): ReadFile<S, T> {
    return withFile(path, (file) => {
      const wasYoung = isYoung(file.validator);
      const mark = markBefore(file, file.size);
      const reached = this.#readFrom(file, known !== undefined && goesOn(file, known) ? known.reached : undefined);
      const kept: Kept<S, T> = { validator: file.validator, mark, wasYoung, reached };
      return hasKept(file, mark) ? { value: reached.value, kept } : { value: reached.value };
    });
  }

  #readFrom(file: OpenFile, known: Reached<S, T> | undefined): Reached<S, T> {
    const fold = this.#lines.begin(known?.state);
    let end = known?.from ?? 0;
    let torn: Line | undefined;
    for (const line of linesFrom(file, end)) {
      if (line.next === undefined) torn = line;
      else fold.take(line.text, line.at);
      end = line.next ?? end;
    }
    return deepFreeze(fold.end(end, torn?.text));
  }
}

/** Whether what was read is still there, in front of what is new. */
function goesOn(file: OpenFile, { validator: { ino, dev, size }, mark }: Kept<unknown, unknown>): boolean {
  const isThere = file.validator.ino === ino && file.validator.dev === dev && file.size >= Number(size);
  return isThere && markBefore(file, Number(size)) === mark;
}

/** Whether what was read stood there all the time; it does not matter what was added meanwhile. */
function hasKept(file: OpenFile, mark: string): boolean {
  const now = file.look();
  if (isSameFile(now, file.validator)) return true;
  return Number(now.size) >= file.size && markBefore(file, file.size) === mark;
}

/** Of the first bytes of a file, and of the last ones before an offset. */
function markBefore(file: OpenFile, offset: number): string {
  const head = file.read(0, Math.min(HEAD_BYTES, offset));
  const from = Math.max(0, offset - TAIL_BYTES);
  return hash('sha1', Buffer.concat([head, file.read(from, offset - from)]));
}
