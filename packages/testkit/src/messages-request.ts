/** How long a provider keeps a prefix. */
export type Tier = '5m' | '1h';

/** One part of a prompt, in the order in which a provider renders it: tools, system, messages. */
export interface PromptBlock {
  /** All that makes it what it is, and no mark of the cache's: a mark that moves on changes no prefix. */
  readonly text: string;
  readonly tokens: number;
  /** The prefix up to here is to be kept. */
  readonly breakpoint?: Tier;
}

export interface MessagesRequest {
  readonly model: string;
  readonly maxTokens: number;
  readonly blocks: readonly PromptBlock[];
}

/** Answered with 400. */
export class InvalidRequest extends Error {}

type Fields = Readonly<Record<string, unknown>>;

/** Near enough to a tokenizer's, and the same each time. */
const BYTES_PER_TOKEN = 4;
const MAX_BREAKPOINTS = 4;

/** Reads the body of a request to /v1/messages. @throws InvalidRequest */
export function readMessagesRequest(body: string): MessagesRequest {
  const fields = parse(body);
  const { model, max_tokens: maxTokens } = fields;
  if (typeof model !== 'string') throw new InvalidRequest('model: field required');
  if (!Number.isInteger(maxTokens) || (maxTokens as number) < 0) throw new InvalidRequest('max_tokens: invalid');
  if (list(fields['messages']).length === 0) throw new InvalidRequest('messages: at least one is required');
  if (maxTokens === 0) refuseWithoutOutput(fields);
  const blocks = withAutomaticBreakpoint(blocksOf(fields), fields['cache_control']);
  refuseBreakpoints(blocks);
  return { model, maxTokens: maxTokens as number, blocks };
}

function parse(body: string): Fields {
  try {
    return fieldsOf(JSON.parse(body));
  } catch {
    throw new InvalidRequest('the request body is not valid JSON');
  }
}

/** What asks for output cannot do without any. */
function refuseWithoutOutput(fields: Fields): void {
  const refused = {
    stream: fields['stream'] === true,
    thinking: fieldsOf(fields['thinking'])['type'] === 'enabled',
    tool_choice: ['any', 'tool'].includes(String(fieldsOf(fields['tool_choice'])['type'])),
    output_format: Boolean(fields['output_format'] ?? fieldsOf(fields['output_config'])['format']),
  };
  for (const [name, isRefused] of Object.entries(refused)) {
    if (isRefused) throw new InvalidRequest(`${name} cannot be used when max_tokens is 0`);
  }
}

function refuseBreakpoints(blocks: readonly PromptBlock[]): void {
  const tiers = blocks.flatMap(({ breakpoint }) => breakpoint ?? []);
  if (tiers.length > MAX_BREAKPOINTS) {
    throw new InvalidRequest(`a maximum of 4 blocks with cache_control may be provided, found ${tiers.length}`);
  }
  if (tiers.includes('5m') && tiers.indexOf('5m') < tiers.lastIndexOf('1h')) {
    throw new InvalidRequest('a ttl of 1h must not come after a ttl of 5m');
  }
}

function blocksOf(fields: Fields): PromptBlock[] {
  const settings = { tool_choice: fields['tool_choice'], thinking: fields['thinking'] };
  return [
    ...list(fields['tools']).map((tool) => block('tool', tool)),
    ...contentOf(fields['system']).map((part) => block('system', part)),
    ...list(fields['messages']).flatMap((message) => {
      const { role, content } = fieldsOf(message);
      // These settings are part of what a message's cache depends on, and not of a tool's or the system's.
      return contentOf(content).map((part) => block(JSON.stringify([role, settings]), part));
    }),
  ];
}

/** A text stands for one block of it. */
function contentOf(content: unknown): readonly unknown[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : list(content);
}

function block(place: string, part: unknown): PromptBlock {
  const { cache_control: mark, ...rest } = fieldsOf(part);
  const text = JSON.stringify(rest);
  const tokens = Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
  return { text: `${place} ${text}`, tokens, ...breakpointOf(mark) };
}

function withAutomaticBreakpoint(blocks: PromptBlock[], mark: unknown): PromptBlock[] {
  const last = blocks.at(-1);
  return last === undefined ? blocks : [...blocks.slice(0, -1), { ...last, ...breakpointOf(mark) }];
}

function breakpointOf(mark: unknown): { breakpoint?: Tier } {
  if (mark === undefined || mark === null) return {};
  const { type, ttl = '5m' } = fieldsOf(mark);
  if (type !== 'ephemeral' || (ttl !== '5m' && ttl !== '1h')) throw new InvalidRequest('cache_control: invalid');
  return { breakpoint: ttl };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
