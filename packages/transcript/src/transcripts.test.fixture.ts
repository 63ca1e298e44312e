import type { Turn } from './turn.ts';
import type { TurnParser } from './turn-parser.ts';

/** Lines as agents write them, with as much of them as is read here and something that is not. */

const START = Date.parse('2026-03-04T05:00:00.000Z');

/** Milliseconds since the epoch of a second of the story. */
export function second(seconds: number): number {
  return START + seconds * 1_000;
}

function timestamp(seconds: number): string {
  return new Date(second(seconds)).toISOString();
}

export interface AnswerDetail {
  /** Seconds since the story began. */
  readonly at?: number;
  readonly parent?: string;
  readonly read?: unknown;
  readonly input?: unknown;
  readonly output?: unknown;
  /** Of the cache, by tier. */
  readonly written?: { readonly hour?: unknown; readonly five?: unknown };
  /** Of the line. */
  readonly more?: object;
  /** Of the message. */
  readonly message?: object;
}

/** A line of an answer of Claude Code's. */
export function answer(id: string, detail: AnswerDetail = {}): string {
  const { hour = 0, five = 0 } = detail.written ?? {};
  const sum = Number(hour) + Number(five);
  return JSON.stringify({
    parentUuid: detail.parent ?? null,
    isSidechain: false,
    type: 'assistant',
    message: {
      model: 'claude-test-1',
      id,
      role: 'assistant',
      content: [{ type: 'text', text: 'secret' }],
      usage: {
        input_tokens: detail.input ?? 3,
        cache_creation_input_tokens: Number.isNaN(sum) ? 0 : sum,
        cache_read_input_tokens: detail.read ?? 0,
        cache_creation: { ephemeral_5m_input_tokens: five, ephemeral_1h_input_tokens: hour },
        output_tokens: detail.output ?? 7,
      },
      ...detail.message,
    },
    uuid: `answer-${id}-${detail.at ?? 0}`,
    timestamp: timestamp(detail.at ?? 0),
    ...detail.more,
  });
}

/** A person's words or a tool's result. */
export function prompt(uuid: string, at: number, more: object = {}): string {
  return JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    type: 'user',
    message: { role: 'user', content: 'secret' },
    uuid,
    timestamp: timestamp(at),
    ...more,
  });
}

/** A line of a rollout of Codex's. */
export function rolloutLine(type: string, at: number, payload: object): string {
  return JSON.stringify({ timestamp: timestamp(at), type, payload });
}

export interface CountDetail {
  readonly input?: unknown;
  readonly cached?: unknown;
  readonly write?: unknown;
  readonly output?: unknown;
  /** Of the whole thread. */
  readonly total?: unknown;
}

/** What ends an answer of Codex's. */
export function count(at: number, { input, cached, write, output = 5, total }: CountDetail): string {
  const last = { input_tokens: input, cached_input_tokens: cached, output_tokens: output };
  return rolloutLine('event_msg', at, {
    type: 'token_count',
    info: {
      total_token_usage: { total_tokens: total },
      last_token_usage: write === undefined ? last : { ...last, cache_write_input_tokens: write },
    },
    rate_limits: null,
  });
}

/** Everything that a parser tells of these lines, the turn that is still open last. */
export function told(parser: TurnParser, lines: readonly string[]): Turn[] {
  const done = lines.map((line, at) => parser.take(line, at)).filter((turn) => turn !== undefined);
  return parser.open === undefined ? done : [...done, parser.open];
}
