import type { Tier } from './messages-request.ts';

/** What no text but a prompt's contains: to be looked for where no prompt belongs. */
export const PROMPT_SECRET = 'the prompt that nobody is to see';

export interface ConversationOptions {
  /** Of the user's and of the assistant's, beside the first message. */
  readonly turns?: number;
  readonly tier?: Tier;
  /** In characters; of the system prompt, which makes it long enough to be kept. */
  readonly systemLength?: number;
}

/** The body of a request as an agent sends it: marks at the end of its system prompt and of its last message. */
export function conversationBody(options: ConversationOptions = {}): Record<string, unknown> {
  const { turns = 0, tier = '5m', systemLength = 20_000 } = options;
  const mark = { type: 'ephemeral', ...(tier === '1h' && { ttl: tier }) };
  const contents = [PROMPT_SECRET, ...Array.from({ length: turns }, (_, i) => `turn ${i}`)];
  const messages = contents.map((text, i) => ({
    role: i % 2 === 0 ? 'user' : 'assistant',
    content: [{ type: 'text', text, ...(i === turns && { cache_control: mark }) }],
  }));
  return {
    model: 'claude-sonnet-4-5',
    max_tokens: 4_096,
    stream: true,
    tools: [{ name: 'bash', description: 'runs a command', input_schema: { type: 'object' } }],
    system: [{ type: 'text', text: 's'.repeat(systemLength), cache_control: mark }],
    messages,
  };
}
