import { createContext, Script } from 'node:vm';
import { Refusal } from '@csa/session';

/** A pattern that backtracks without end is given up after this time; it is given about 64 KiB at once. */
const MAX_MS = 10_000;

/** A regular expression that cannot keep anybody for ever. */
export class LinePattern {
  readonly #source: string;
  readonly #maxMs: number;
  readonly #guarded: () => unknown;
  readonly #run: { task: () => boolean[] };
  readonly #pattern: RegExp;

  /** @throws Refusal reason=bad-pattern */
  constructor(source: string, maxMs: number = MAX_MS) {
    this.#source = source;
    this.#maxMs = maxMs;
    this.#pattern = compile(source);
    this.#run = { task: () => [] };
    // The watchdog of a script stops all that the script calls, regular expressions too.
    const script = new Script('run.task()');
    const context = createContext({ run: this.#run });
    this.#guarded = () => script.runInContext(context, { timeout: maxMs });
  }

  /** For each line whether it matches. @throws Refusal reason=pattern-too-slow */
  matches(lines: readonly string[]): boolean[] {
    this.#run.task = () => lines.map((line) => this.#pattern.test(line));
    try {
      return this.#guarded() as boolean[];
    } catch (error) {
      throw isTimeout(error) ? this.#tooSlow() : error;
    }
  }

  #tooSlow(): Refusal {
    return new Refusal({
      reason: 'pattern-too-slow',
      what: '--grep takes too long on these lines',
      expected: 'a regular expression that decides in time',
      got: `${shown(this.#source)}, given up after ${this.#maxMs / 1_000}s`,
      next: 'Leave out what is repeated within a repetition, such as (a+)+, and a leading .*',
    });
  }
}

/** An error of the context that the script ran in, whose Error is not ours. */
function isTimeout(error: unknown): boolean {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

function compile(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal({
      reason: 'bad-pattern',
      what: '--grep is no regular expression',
      expected: 'one of JavaScript, such as error|warn or "^\\d+ failed"',
      got: `${shown(source)} (${error.message.replace(/^Invalid regular expression: \/.*\/\w*: /s, '')})`,
      next: 'Write a backslash before characters that stand for themselves',
    });
  }
}

function shown(source: string): string {
  return JSON.stringify(source.length > 60 ? `${source.slice(0, 59)}…` : source);
}
