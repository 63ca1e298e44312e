import type { LinePattern } from './line-pattern.ts';
import { lineTime } from './line-time.ts';

/** Which lines are wanted. */
export interface Criteria {
  readonly pattern?: LinePattern | undefined;
  /** Milliseconds since the epoch: nothing that was printed before. */
  readonly since?: number | undefined;
}

/** What a line says by itself. */
export interface LineJudgement {
  readonly matches: boolean;
  /** By its own time; `undefined` where it has none. */
  readonly isRecent: boolean | undefined;
}

export function judgeLines(lines: readonly string[], { pattern, since }: Criteria): LineJudgement[] {
  const matches = pattern?.matches(lines);
  return lines.map((line, i) => {
    const time = since === undefined ? undefined : lineTime(line);
    return {
      matches: matches?.[i] ?? true,
      isRecent: since === undefined || time === undefined ? undefined : time >= since,
    };
  });
}

/** Selects line after line: one without a time belongs to the one before it. */
export class Selection {
  #criteria: Criteria;
  #isRecent = true;
  #skip = 0;

  constructor(criteria: Criteria) {
    this.#criteria = criteria;
  }

  /** How many of the lines that are wanted by themselves are passed over first. */
  skip(lines: number): void {
    this.#skip = lines;
  }

  /** Whether the lines from here on count until one has a time. */
  startAt(isRecent: boolean): void {
    this.#isRecent = isRecent;
  }

  /** From here on everything is news. */
  endHistory(): void {
    this.#criteria = { pattern: this.#criteria.pattern };
    this.#isRecent = true;
    this.#skip = 0;
  }

  select(lines: readonly string[]): boolean[] {
    return judgeLines(lines, this.#criteria).map((line) => {
      this.#isRecent = line.isRecent ?? this.#isRecent;
      if (!line.matches || !this.#isRecent) return false;
      if (this.#skip === 0) return true;
      this.#skip -= 1;
      return false;
    });
  }

  /** Whether a line that has only begun is wanted already. */
  wantsBegun(line: string): boolean {
    const [judgement] = judgeLines([line], this.#criteria);
    return this.#skip === 0 && judgement?.matches === true && (judgement.isRecent ?? this.#isRecent);
  }
}
