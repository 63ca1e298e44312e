import type { MessagesRequest } from './messages-request.ts';
import type { CacheUse } from './prefix-cache.ts';

/** The provider's answer to a request that is well. */
export function answerBody({ model, maxTokens }: MessagesRequest, { input, read, write, writeHour }: CacheUse): string {
  return JSON.stringify({
    id: 'msg_test',
    type: 'message',
    role: 'assistant',
    model,
    content: maxTokens === 0 ? [] : [{ type: 'text', text: 'ok' }],
    stop_reason: maxTokens === 0 ? 'max_tokens' : 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: input,
      cache_creation_input_tokens: write,
      cache_read_input_tokens: read,
      cache_creation: { ephemeral_5m_input_tokens: write - writeHour, ephemeral_1h_input_tokens: writeHour },
      output_tokens: maxTokens === 0 ? 0 : 1,
      service_tier: 'standard',
    },
  });
}

/** The provider's answer to all else. */
export function refusalBody(type: string, message: string): string {
  return JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_test' });
}

/** The provider's word for a status that comes of no fault of the request's. */
export function errorTypeOf(status: number): string {
  if (status === 429) return 'rate_limit_error';
  return status === 529 ? 'overloaded_error' : 'api_error';
}
