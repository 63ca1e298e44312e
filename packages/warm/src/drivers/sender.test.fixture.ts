// Sends the request of its directory's `request.json`, as an agent's program would, and prints the answer in the shape
// that SENDER_SHAPE names. It has much to say on standard error that no answer of a driver's may show.
import { readFileSync, writeFileSync } from 'node:fs';

const { SENDER_URL: url = '', SENDER_SHAPE: shape, ANTHROPIC_API_KEY: key = '', SENDER_BEFORE } = process.env;

const body = readFileSync('request.json', 'utf8');
console.error(key, body);
if (key === '') process.exit(3);
writeFileSync('sender.pid', `${process.pid}`);
const headers = { 'x-api-key': key, 'anthropic-version': '2023-06-01' };
const response = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body });
const text = await response.text();
if (response.ok && !text.startsWith('{')) {
  console.log(text);
} else {
  const { usage, error } = JSON.parse(text);
  const lines = response.ok ? answered(usage) : refused(error);
  for (const line of lines) console.log(JSON.stringify(line));
  process.exitCode = response.ok ? 0 : 1;
}

function answered(usage: Record<string, number>): object[] {
  if (shape === 'claude')
    return [{ type: 'result', subtype: 'success', is_error: false, total_cost_usd: 0.0123, usage }];
  if (shape !== 'codex') return [{ usage }];
  const { input_tokens: input = 0, cache_read_input_tokens: read = 0 } = usage;
  const { cache_creation_input_tokens: write = 0, output_tokens } = usage;
  // Codex counts on from what the thread has used before.
  const before = JSON.parse(SENDER_BEFORE ?? '{"input_tokens":0,"cached_input_tokens":0}');
  const counts = {
    input_tokens: before.input_tokens + input + read + write,
    cached_input_tokens: before.cached_input_tokens + read,
    output_tokens,
  };
  return [{ type: 'thread.started' }, { type: 'turn.started' }, { type: 'turn.completed', usage: counts }];
}

function refused(error: { type: string; message: string }): object[] {
  const { status } = response;
  if (shape === 'claude') return [{ type: 'result', is_error: true, api_error_status: status, result: error.message }];
  if (shape === 'codex')
    return [
      { type: 'error', message: error.message },
      { type: 'turn.failed', error },
    ];
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return [{ error, retry_after_ms: seconds * 1000 }];
}
