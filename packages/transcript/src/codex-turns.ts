import { type Entry, entryAt, modelAt, parseEntry, textAt, timeAt, tokensAt } from './json-line.ts';
import type { Turn } from './turn.ts';
import { type Cause, type Checkpoint, checkpointOf, type OpenTurn, openTurn, type TurnParser } from './turn-parser.ts';

/**
 * A Codex rollout: each answer ends with a `token_count`, whose `input_tokens` include what was read from the cache.
 * The count is written again when only a rate limit has changed, so a total that is no new one is no new turn.
 */
export class CodexTurns implements TurnParser {
  /** The last line that a request could be made of. */
  #prompt: Cause | undefined;
  /** The one before the answer that is being written: a quick tool's result may stand before the answer's count. */
  #asked: Cause | undefined;
  #open: OpenTurn | undefined;
  #model: string | undefined;
  #isSide: boolean;
  #total: number | undefined;

  constructor(from?: Checkpoint) {
    this.#model = from?.model;
    this.#isSide = from?.side === true;
  }

  get open(): Turn | undefined {
    return this.#open?.turn;
  }

  get isSure(): boolean {
    return this.#open?.isCaused === true && this.#model !== undefined;
  }

  checkpoint(end: number): Checkpoint {
    return checkpointOf(this.#open?.from ?? this.#prompt ?? { offset: end, before: this.#known() });
  }

  take(line: string, at: number): Turn | undefined {
    const entry = this.#isSide ? undefined : parseEntry(line);
    const payload = entryAt(entry, 'payload');
    const time = entry === undefined ? undefined : timeAt(entry, 'timestamp');
    if (entry === undefined || payload === undefined || time === undefined) return undefined;
    if (entry['type'] === 'session_meta') this.#isSide = isSubagent(payload);
    if (entry['type'] === 'turn_context') this.#model = modelAt(payload, 'model') ?? this.#model;
    const here = { time, offset: at, before: this.#known() };
    if (entry['type'] === 'event_msg' && payload['type'] === 'token_count') {
      return this.#counted(entryAt(payload, 'info'), here);
    }
    if (entry['type'] === 'response_item') {
      if (isInput(payload)) this.#prompt = here;
      else this.#asked ??= this.#prompt;
    }
    return undefined;
  }

  #counted(info: Entry | undefined, line: Cause): Turn | undefined {
    const usage = entryAt(info, 'last_token_usage');
    const prompt = tokensAt(usage, 'input_tokens') ?? 0;
    const total = tokensAt(entryAt(info, 'total_token_usage'), 'total_tokens');
    if (prompt === 0 || (total !== undefined && total === this.#total)) return undefined;
    const done = this.#open?.turn;
    const cause = this.#asked ?? this.#prompt;
    this.#asked = undefined;
    this.#total = total;
    const read = Math.min(prompt, tokensAt(usage, 'cached_input_tokens') ?? 0);
    const write = Math.min(prompt - read, tokensAt(usage, 'cache_write_input_tokens') ?? 0);
    const output = tokensAt(usage, 'output_tokens') ?? 0;
    const id = [total ?? line.time, prompt, read, output].join('.');
    const tokens = { input: prompt - read - write, read, write, writeHour: 0, output };
    this.#open = openTurn({ id, model: this.#model ?? 'unknown', tokens }, line, cause);
    return done;
  }

  #known(): Omit<Checkpoint, 'offset'> {
    return {
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(this.#isSide ? { side: true as const } : {}),
    };
  }
}

/** A person's words, instructions, or what a tool gave back; all else was written by the model. */
function isInput(item: Entry): boolean {
  const type = textAt(item, 'type') ?? '';
  return type.endsWith('_output') || (type === 'message' && item['role'] !== 'assistant');
}

function isSubagent(meta: Entry): boolean {
  return entryAt(meta, 'source')?.['subagent'] !== undefined;
}
