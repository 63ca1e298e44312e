import { describe, expect, it } from 'vitest';
import { type CacheFault, type CacheServer, startCacheServer } from './cache-server.ts';
import { conversationBody, PROMPT_SECRET } from './conversation.ts';

interface Answer {
  readonly status: number;
  readonly body: Record<string, never>;
  readonly read: number;
  readonly write: number;
  readonly input: number;
}

const HEADERS = { 'x-api-key': 'test-credential', 'anthropic-version': '2023-06-01' };

async function ask(server: CacheServer, body: object | string, headers: object = HEADERS): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${server.url}/v1/messages`, { method: 'POST', headers: { ...headers }, body: text });
  const answer = JSON.parse(await response.text());
  const { cache_read_input_tokens: read, cache_creation_input_tokens: write, input_tokens: input } = answer.usage ?? {};
  return { status: response.status, body: answer, read, write, input };
}

const warm = { ...conversationBody(), max_tokens: 0, stream: false };

describe('the control:', () => {
  it.each([
    ['with a warm at 240 s the request at 482 s is a hit', 240_000, 242_000, true],
    ['without one it is a miss', undefined, 482_000, false],
  ])('%s', async (_, warmAt, restMs, isHit) => {
    const server = await startCacheServer();
    const first = await ask(server, conversationBody());
    expect(first.read).toBe(0);
    if (warmAt !== undefined) {
      server.clock.advance(warmAt);
      expect(await ask(server, warm)).toMatchObject({ status: 200, read: first.write, write: 0 });
    }
    server.clock.advance(restMs);
    const next = await ask(server, conversationBody({ turns: 2 }));
    expect(next.read).toBe(isHit ? first.write : 0);
    expect(next.write > 1_024).toBe(!isHit);
  });

  it('an hour of warms takes no time', async () => {
    const server = await startCacheServer();
    await ask(server, conversationBody());
    for (let at = 0; at < 3_600_000; at += 240_000) {
      server.clock.advance(240_000);
      expect(await ask(server, warm)).toMatchObject({ write: 0 });
    }
    expect(server.requests).toHaveLength(16);
  });
});

describe('a prefix', () => {
  it('lives from the start of the request, however long that takes', async () => {
    const server = await startCacheServer();
    const { promise, resolve } = Promise.withResolvers<void>();
    server.failNext({ kind: 'delay', until: promise });
    const first = ask(server, conversationBody());
    while (server.requests.length === 0) await new Promise(setImmediate);
    server.clock.advance(200_000);
    resolve();
    await first;
    server.clock.advance(99_999);
    expect((await ask(server, warm)).write).toBe(0);
    server.clock.advance(300_000);
    expect((await ask(server, warm)).read).toBe(0);
  });

  it('lives for an hour in that tier, and the usage says so', async () => {
    const server = await startCacheServer();
    const first = await ask(server, conversationBody({ tier: '1h' }));
    expect(first.body['usage']).toMatchObject({
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: first.write },
    });
    server.clock.advance(3_599_999);
    expect((await ask(server, conversationBody({ tier: '1h' }))).read).toBe(first.write);
    server.clock.advance(3_600_000);
    expect((await ask(server, conversationBody({ tier: '1h' }))).read).toBe(0);
  });

  it('may be lost before its time', async () => {
    const server = await startCacheServer();
    await ask(server, conversationBody());
    server.failNext({ kind: 'evict' });
    expect((await ask(server, conversationBody())).read).toBe(0);
  });
});

describe('without output', () => {
  it('the content is empty and nothing is charged for it', async () => {
    const { body } = await ask(await startCacheServer(), warm);
    expect(body).toMatchObject({ content: [], usage: { output_tokens: 0 } });
  });

  it.each([
    ['stream', { stream: true }],
    ['enabled thinking', { thinking: { type: 'enabled', budget_tokens: 1_024 } }],
    ['any tool forced', { tool_choice: { type: 'any' } }],
    ['one tool forced', { tool_choice: { type: 'tool', name: 'bash' } }],
    ['an output format', { output_config: { format: { type: 'json_schema' } } }],
    ['an output format of old', { output_format: { type: 'json_schema' } }],
  ])('%s is refused', async (_, more) => {
    const server = await startCacheServer();
    expect(await ask(server, { ...warm, ...more })).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error' } },
    });
    expect((await ask(server, warm)).read).toBe(0);
    expect(await ask(server, { ...warm, ...more, max_tokens: 1 })).toMatchObject({ status: 200 });
  });

  it.each([
    [{ thinking: { type: 'disabled' } }],
    [{ tool_choice: { type: 'auto' } }],
    [{ output_config: { effort: 'low' } }],
  ])('%j is not', async (more) => {
    expect(await ask(await startCacheServer(), { ...warm, ...more })).toMatchObject({ status: 200 });
  });
});

describe('refused is', () => {
  it.each([
    ['another credential', 401, { ...HEADERS, 'x-api-key': 'other' }],
    ['no credential', 401, { 'anthropic-version': '2023-06-01' }],
    ['no version', 400, { 'x-api-key': 'test-credential' }],
  ])('%s', async (_, status, headers) => {
    expect(await ask(await startCacheServer(), warm, headers)).toMatchObject({ status });
  });

  it('no bearer token of the same credential', async () => {
    const headers = { authorization: 'Bearer test-credential', 'anthropic-version': '2023-06-01' };
    expect(await ask(await startCacheServer(), warm, headers)).toMatchObject({ status: 200 });
  });

  it.each<[string, object | string]>([
    ['what is no JSON', '{"model":'],
    ['a request without a model', { ...warm, model: undefined }],
    ['a request without max_tokens', { ...warm, max_tokens: undefined }],
    ['a negative max_tokens', { ...warm, max_tokens: -1 }],
    ['a request without messages', { ...warm, messages: [] }],
    ['another kind of mark', { ...warm, cache_control: { type: 'persistent' } }],
    ['another life', { ...warm, cache_control: { type: 'ephemeral', ttl: '2h' } }],
  ])('%s', async (_, body) => {
    expect(await ask(await startCacheServer(), body)).toMatchObject({ status: 400 });
  });

  it('another path', async () => {
    const server = await startCacheServer();
    const response = await fetch(`${server.url}/v1/messages/batches`, { method: 'POST', headers: HEADERS, body: '{}' });
    expect(response.status).toBe(404);
  });
});

describe('a fault', () => {
  it('is of one request, and leaves what it shows to be looked for', async () => {
    const server = await startCacheServer();
    server.failNext({ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, { kind: 'status', status: 529 });
    const refused = await ask(server, conversationBody());
    expect(refused).toMatchObject({ status: 429, body: { error: { type: 'rate_limit_error' } } });
    expect(JSON.stringify(refused.body)).toContain(PROMPT_SECRET);
    expect(JSON.stringify(refused.body)).toContain('test-credential');
    expect(await ask(server, warm)).toMatchObject({ status: 529, body: { error: { type: 'overloaded_error' } } });
    expect(await ask(server, warm)).toMatchObject({ status: 200, read: 0 });
  });

  it.each<[CacheFault, boolean]>([
    [{ kind: 'drop', when: 'before' }, false],
    [{ kind: 'drop', when: 'after' }, true],
    [{ kind: 'garbage' }, true],
    [{ kind: 'huge', bytes: 3_000_000 }, true],
  ])('%j answers nothing of use, and the prefix is kept: %s', async (fault, isKept) => {
    const server = await startCacheServer();
    server.failNext(fault);
    await expect(ask(server, conversationBody())).rejects.toThrow();
    expect((await ask(server, warm)).read > 0).toBe(isKept);
  });

  it.each([
    ['hang', false],
    ['stall', true],
  ] as const)('%s goes on until the asker has enough, and the prefix is kept: %s', async (kind, isKept) => {
    const server = await startCacheServer();
    server.failNext({ kind });
    const enough = new AbortController();
    const answer = fetch(`${server.url}/v1/messages`, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify(warm),
      signal: enough.signal,
    }).then((response) => response.text());
    while (server.requests.length === 0) await new Promise(setImmediate);
    enough.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect((await ask(server, warm)).read > 0).toBe(isKept);
  });
});

it('what came is kept as it came, with the time of its start', async () => {
  const server = await startCacheServer();
  server.clock.advance(5);
  const body = ` ${JSON.stringify(warm)}\n`;
  await ask(server, body, { ...HEADERS, 'X-Own': 'seen' });
  const [request] = server.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/v1/messages', startedAt: 5, headers: { 'x-own': 'seen' } });
  expect(request?.body.toString()).toBe(body);
  expect(request?.use).toMatchObject({ read: 0 });
});
