import type { Usage } from './usage.ts';

type Fields = Readonly<Record<string, unknown>>;

/** More tokens than any model's context holds by far: such a count is a mistake, and no arithmetic overflows below it. */
const MOST_TOKENS = 1_000_000_000;
/** How deep an answer may hide its usage: a list of events, one of which holds a response that holds it. */
const DEEPEST = 4;
const WRAPPERS = ['usage', 'usageMetadata', 'usage_metadata', 'response', 'message'];

/**
 * The usage of a provider's answer, or of what an agent prints of one, in whatever shape: Anthropic, OpenAI (chat and
 * responses), Codex, Gemini, DeepSeek, Bedrock. Takes the usage itself or what holds it. A count that is no count
 * (negative, a fraction, a text, too large) is unknown, and so are counts that contradict each other. `null`: it says
 * nothing of the cache.
 */
export function normaliseUsage(raw: unknown): Usage | null {
  const fields = findUsage(raw, DEEPEST);
  const usage = fields && SHAPES.find(({ is }) => is(fields))?.read(fields);
  return usage === undefined || usage.read === null ? null : usage;
}

function findUsage(raw: unknown, depth: number): Fields | undefined {
  if (Array.isArray(raw)) return lastUsage(raw, depth);
  const fields = asFields(raw);
  if (fields === undefined || SHAPES.some(({ is }) => is(fields))) return fields;
  if (depth === 0) return undefined;
  for (const name of WRAPPERS) {
    const inner = findUsage(own(fields, name), depth - 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** A list of events tells what the whole came to at its end. */
function lastUsage(events: readonly unknown[], depth: number): Fields | undefined {
  if (depth === 0) return undefined;
  for (const event of events.toReversed()) {
    const usage = findUsage(event, depth - 1);
    if (usage !== undefined) return usage;
  }
  return undefined;
}

interface Shape {
  readonly is: (fields: Fields) => boolean;
  readonly read: (fields: Fields) => Usage;
}

const SHAPES: readonly Shape[] = [
  { is: has('prompt_cache_hit_tokens', 'prompt_cache_miss_tokens'), read: readDeepSeek },
  { is: has('prompt_tokens'), read: readChat },
  { is: has('input_tokens_details', 'cached_input_tokens'), read: readResponses },
  { is: has('cache_read_input_tokens', 'cache_creation_input_tokens', 'cache_creation'), read: readAnthropic },
  { is: has('cacheReadInputTokens', 'cacheWriteInputTokens'), read: readBedrock },
  { is: has('promptTokenCount', 'prompt_token_count'), read: readGemini },
];

function readAnthropic(fields: Fields): Usage {
  const tiers = asFields(own(fields, 'cache_creation'));
  const hour = count(tiers, 'ephemeral_1h_input_tokens');
  const short = count(tiers, 'ephemeral_5m_input_tokens');
  return separate({
    input: count(fields, 'input_tokens'),
    read: count(fields, 'cache_read_input_tokens'),
    write: count(fields, 'cache_creation_input_tokens') ?? add(hour, short),
    writeHour: hour,
    output: count(fields, 'output_tokens'),
  });
}

function readBedrock(fields: Fields): Usage {
  return separate({
    input: count(fields, 'inputTokens'),
    read: count(fields, 'cacheReadInputTokens'),
    write: count(fields, 'cacheWriteInputTokens'),
    writeHour: hourOfDetails(own(fields, 'cacheDetails')),
    output: count(fields, 'outputTokens'),
  });
}

/** Bedrock's list of what was written for how long. */
function hourOfDetails(details: unknown): number | null {
  if (!Array.isArray(details)) return null;
  const counts = details.map((detail) =>
    asFields(detail)?.['ttl'] === '1h' ? count(asFields(detail), 'inputTokens') : 0,
  );
  return counts.reduce<number | null>(add, 0);
}

function readChat(fields: Fields): Usage {
  const details = asFields(own(fields, 'prompt_tokens_details'));
  return split({
    total: count(fields, 'prompt_tokens'),
    read: count(details, 'cached_tokens') ?? count(fields, 'cache_read_input_tokens'),
    write: count(details, 'cache_write_tokens') ?? count(fields, 'cache_creation_input_tokens'),
    output: count(fields, 'completion_tokens'),
  });
}

function readResponses(fields: Fields): Usage {
  const details = asFields(own(fields, 'input_tokens_details'));
  return split({
    total: count(fields, 'input_tokens'),
    read: count(details, 'cached_tokens') ?? count(fields, 'cached_input_tokens'),
    write: count(details, 'cache_write_tokens') ?? count(fields, 'cache_write_input_tokens'),
    output: count(fields, 'output_tokens'),
  });
}

function readDeepSeek(fields: Fields): Usage {
  const read = count(fields, 'prompt_cache_hit_tokens');
  const total = count(fields, 'prompt_tokens') ?? add(read, count(fields, 'prompt_cache_miss_tokens'));
  return split({ total, read, write: null, output: count(fields, 'completion_tokens') });
}

function readGemini(fields: Fields): Usage {
  const named = (camel: string, snake: string): number | null => count(fields, camel) ?? count(fields, snake);
  const thoughts = named('thoughtsTokenCount', 'thoughts_token_count');
  return split({
    total: named('promptTokenCount', 'prompt_token_count'),
    read: named('cachedContentTokenCount', 'cached_content_token_count'),
    write: null,
    output: add(named('candidatesTokenCount', 'candidates_token_count'), thoughts ?? 0),
  });
}

interface Overlapping {
  /** Of the whole prompt, the cached part included. */
  readonly total: number | null;
  readonly read: number | null;
  readonly write: number | null;
  readonly output: number | null;
}

/** Of counts that overlap; a part that is larger than the whole is a contradiction, and proves nothing. */
function split({ total, read, write, output }: Overlapping): Usage {
  const rest = total === null || read === null ? null : total - read - (write ?? 0);
  const contradicts = rest !== null && rest < 0;
  if (contradicts) return { input: null, read: null, write: null, writeHour: null, output };
  return { input: rest, read, write, writeHour: null, output };
}

/** Of counts that do not overlap; without one of them nobody knows the whole prompt. */
function separate(usage: Usage): Usage {
  const { input, write, writeHour } = usage;
  const hour = write === null || writeHour === null || writeHour > write ? null : writeHour;
  return { ...usage, input: write === null ? null : input, writeHour: write === 0 ? 0 : hour };
}

function has(...names: readonly string[]): (fields: Fields) => boolean {
  return (fields) => names.some((name) => Object.hasOwn(fields, name));
}

function count(fields: Fields | undefined, name: string): number | null {
  const value = fields === undefined ? undefined : own(fields, name);
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MOST_TOKENS
    ? (value as number)
    : null;
}

function add(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
