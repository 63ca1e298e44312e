import { isSameFile, type Validator } from './validator.ts';

/** How far a reading came. */
export interface Reached<S, T> {
  readonly value: T;
  /** What the lines before `from` have said for those that follow. */
  readonly state: S;
  /** From where lines are told to whoever goes on: where one begins, in bytes. */
  readonly from: number;
}

/** What is kept of a file. */
export interface Kept<S, T> {
  readonly validator: Validator;
  /** Of what stood in it. */
  readonly mark: string | undefined;
  /** It had just changed: a second change in the same tick of the clock may hide behind the validator, not the mark. */
  wasYoung: boolean;
  readonly reached: Reached<S, T>;
}

/** One way to read a file. */
export interface FileReader<S, T> {
  /**
   * Reads a file that was seen in that state; `undefined`: it could not be looked at, and nothing is kept.
   * @param known what was kept of it in an earlier state
   * @throws whatever keeps it from being read
   */
  read(path: string, seen: Validator | undefined, known: Kept<S, T> | undefined): MaybeLater<ReadFile<S, T>>;
  /** The mark of a file in that state; `undefined` where it has none. */
  markOf(path: string, seen: Validator): string | undefined;
}

/** What came of it; `kept` is absent where the file was not the same before and after. */
export interface ReadFile<S, T> {
  readonly value: T;
  readonly kept?: Kept<S, T>;
}

export type MaybeLater<T> = T | Promise<T>;

/** The longest tick of a kernel's clock is 10 ms, and that of file times may lag by one. */
const YOUNG_MS = 20;

/** Whether a file has just changed, by its own time; one of the future is never settled. */
export function isYoung({ ctimeNs }: Validator): boolean {
  return Date.now() - Number(ctimeNs) / 1e6 < YOUNG_MS;
}

/** Whether what was kept is what a reading would give of a file that was seen in that state. */
export function isCurrent(kept: Kept<unknown, unknown>, seen: Validator, markNow: () => string | undefined): boolean {
  if (!isSameFile(kept.validator, seen)) return false;
  if (!kept.wasYoung) return true;
  const isSettled = !isYoung(seen);
  if (markNow() !== kept.mark) return false;
  kept.wasYoung = !isSettled;
  return true;
}
