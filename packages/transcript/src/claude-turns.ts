import { type Entry, entryAt, modelAt, parseEntry, textAt, timeAt, tokensAt } from './json-line.ts';
import type { Turn, TurnTier, TurnTokens } from './turn.ts';
import { type Cause, type Checkpoint, checkpointOf, type OpenTurn, openTurn, type TurnParser } from './turn-parser.ts';

/** How far back the line may be that an answer names as its parent. */
const CAUSES = 64;
/** Tool results stand between the lines of one answer, and now and then the lines of another one. */
const TOLD = 256;

/**
 * The main chain of a Claude Code transcript. One answer is written in several lines, each with the usage so far: the
 * last one counts. Sub-agents' lines, errors, made-up answers and answers without any cache are no turns.
 */
export class ClaudeTurns implements TurnParser {
  readonly #causes = new Recent<Cause>(CAUSES);
  readonly #told = new Recent<true>(TOLD);
  #lastPrompt: Cause | undefined;
  #open: OpenTurn | undefined;
  #tier: TurnTier | undefined;

  constructor(from?: Checkpoint) {
    this.#tier = from?.tier;
  }

  get open(): Turn | undefined {
    return this.#open?.turn;
  }

  get isSure(): boolean {
    return this.#open?.isCaused === true;
  }

  checkpoint(end: number): Checkpoint {
    return checkpointOf(this.#open?.from ?? this.#lastPrompt ?? { offset: end, before: this.#known() });
  }

  take(line: string, at: number): Turn | undefined {
    const entry = parseEntry(line);
    const time = entry === undefined ? undefined : timeAt(entry, 'timestamp');
    if (entry === undefined || time === undefined || entry['isSidechain'] === true) return undefined;
    if (entry['type'] === 'assistant') return this.#answered(entry, this.#lineAt(time, at));
    this.#rememberCause(entry, this.#lineAt(time, at));
    return undefined;
  }

  #rememberCause(entry: Entry, cause: Cause): void {
    const id = textAt(entry, 'uuid');
    if (id !== undefined) this.#causes.add(id, cause);
    // A person's words or a tool's result; the other kinds count only where an answer names them.
    if (entry['type'] === 'user') this.#lastPrompt = cause;
  }

  #answered(entry: Entry, line: Cause): Turn | undefined {
    const message = entryAt(entry, 'message');
    const id = textAt(message, 'id');
    const tokens = tokensOf(entryAt(message, 'usage'));
    if (id === undefined || tokens === undefined || isMadeUp(entry, message)) return undefined;
    if (this.#told.get(id) !== undefined) return undefined;
    if (this.#open?.turn.id === id) {
      this.#open = { ...this.#open, turn: { ...this.#open.turn, tokens, ...this.#tierOf(tokens) } };
      return undefined;
    }
    const done = this.#open?.turn;
    if (done !== undefined) this.#told.add(done.id, true);
    const cause = this.#causes.get(textAt(entry, 'parentUuid') ?? '') ?? this.#lastPrompt;
    const model = modelAt(message, 'model') ?? 'unknown';
    this.#open = openTurn({ id, model, tokens, ...this.#tierOf(tokens) }, line, cause);
    return done;
  }

  #lineAt(time: number, offset: number): Cause {
    return { time, offset, before: this.#known() };
  }

  #tierOf(tokens: TurnTokens): { readonly tier?: TurnTier } {
    if (tokens.write > 0) this.#tier = tokens.writeHour > 0 ? '1h' : '5m';
    return this.#known();
  }

  #known(): { readonly tier?: TurnTier } {
    return this.#tier === undefined ? {} : { tier: this.#tier };
  }
}

/** `undefined` where no cache was used: the prompt was too short, or caching is off. */
function tokensOf(usage: Entry | undefined): TurnTokens | undefined {
  const split = entryAt(usage, 'cache_creation');
  const writeHour = tokensAt(split, 'ephemeral_1h_input_tokens') ?? 0;
  const told = writeHour + (tokensAt(split, 'ephemeral_5m_input_tokens') ?? 0);
  const write = Math.max(told, tokensAt(usage, 'cache_creation_input_tokens') ?? 0);
  const read = tokensAt(usage, 'cache_read_input_tokens') ?? 0;
  if (read + write === 0) return undefined;
  const [input, output] = [tokensAt(usage, 'input_tokens') ?? 0, tokensAt(usage, 'output_tokens') ?? 0];
  return { input, read, write, writeHour, output };
}

/** Written by the agent itself, without a request that was answered. */
function isMadeUp(entry: Entry, message: Entry | undefined): boolean {
  return entry['isApiErrorMessage'] === true || message?.['model'] === '<synthetic>';
}

/** A map that forgets what was added first when it holds too much. */
class Recent<T> {
  readonly #limit: number;
  readonly #entries = new Map<string, T>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  add(key: string, value: T): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
