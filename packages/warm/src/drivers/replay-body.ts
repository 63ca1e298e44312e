import { membersOf, withoutMember, withValue } from './json-members.ts';
import { isObject, type JsonObject, parseJson } from './json-object.ts';

/** The body to send, or why what was captured cannot be sent without asking for output. */
export type ReplayBody =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Makes of a captured body the provider's documented pre-warm: `max_tokens` becomes 0 and `stream` goes. Every other
 * byte stays, because the cache is one of exact prefixes.
 */
export function replayBody(captured: Buffer): ReplayBody {
  const text = textOf(captured);
  const fields = text === undefined ? undefined : parseJson(text);
  if (text === undefined || !isObject(fields)) return refused('it is not a JSON object');
  const names = membersOf(text).map(({ name }) => name);
  // Which one of the two counts is up to each reader.
  if (new Set(names).size < names.length) return refused('it names a member twice');
  const why = refusalOf(fields);
  if (why !== undefined) return refused(why);
  return { kind: 'body', bytes: Buffer.from(withoutMember(withValue(text, 'max_tokens', '0'), 'stream'), 'utf8') };
}

function refused(why: string): ReplayBody {
  return { kind: 'refused', why };
}

/** `undefined` for what is no UTF-8: it could not be put together again byte by byte. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What the provider refuses together with `max_tokens: 0`, and what nobody could gain by. */
function refusalOf(fields: JsonObject): string | undefined {
  const { messages, max_tokens: maxTokens, thinking, tool_choice: choice, output_config: output } = fields;
  if (Array.isArray(fields['requests'])) return 'it is a batch';
  if (!Array.isArray(messages) || messages.length === 0) return 'it has no messages';
  if (!Number.isInteger(maxTokens)) return 'it has no max_tokens';
  if (isObject(thinking) && thinking['type'] === 'enabled') return 'it enables thinking';
  if (isObject(choice) && (choice['type'] === 'any' || choice['type'] === 'tool')) return 'it forces a tool';
  if (isGiven(fields['output_format']) || (isObject(output) && isGiven(output['format']))) {
    return 'it asks for an output format';
  }
  return isMarked(fields) ? undefined : 'it marks nothing with cache_control';
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A mark stands on the whole request, on a tool, or on a block of the system's, a message's or a tool result's. */
function isMarked(fields: JsonObject): boolean {
  const contents = objectsOf(fields['messages']).flatMap(({ content }) => objectsOf(content));
  const results = contents.flatMap(({ content }) => objectsOf(content));
  const places = [fields, ...objectsOf(fields['tools']), ...objectsOf(fields['system']), ...contents, ...results];
  return places.some((place) => isGiven(place['cache_control']));
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
