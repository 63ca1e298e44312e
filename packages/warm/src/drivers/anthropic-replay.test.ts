import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  type CacheServer,
  conversationBody,
  PROMPT_SECRET,
  startCacheServer,
  temporaryDirectory,
  until,
} from '@csa/testkit';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { captureRequest, type OutgoingRequest } from './capture.ts';
import type { WarmAnswer, WarmContext } from './driver.ts';
import type { CredentialSource, DriverChoice } from './driver-choice.ts';
import { makeDriver } from './make-driver.ts';

type Choice = Extract<DriverChoice, { name: 'anthropic-replay' }>;

const never = new AbortController().signal;
const KEY: CredentialSource = { kind: 'environment', variable: 'ANTHROPIC_API_KEY' };
const ENV = {
  PATH: process.env['PATH'],
  ANTHROPIC_API_KEY: 'test-credential',
  ANTHROPIC_AUTH_TOKEN: 'test-credential',
};
const TEXT = `${JSON.stringify(conversationBody(), null, 1)}\n`;
const HEADERS = { 'x-api-key': 'test-credential', 'Anthropic-Version': '2023-06-01', 'anthropic-beta': 'one,two' };

interface Wish {
  readonly request?: Partial<OutgoingRequest>;
  readonly choice?: Partial<Choice>;
  readonly context?: Partial<WarmContext>;
  readonly env?: NodeJS.ProcessEnv;
}

interface Replayed {
  readonly answer: WarmAnswer;
  readonly server: CacheServer;
}

/** Captures a request, and replays it. */
async function replay(wish: Wish = {}, server?: CacheServer): Promise<Replayed> {
  const provider = server ?? (await startCacheServer());
  const cwd = temporaryDirectory();
  const capture = join(cwd, 'last.jsonl');
  const request = { method: 'POST', url: '/v1/messages?beta=true', headers: HEADERS, body: TEXT, ...wish.request };
  expect(captureRequest(capture, request)).toEqual({ kind: 'captured' });
  const choice: Choice = { name: 'anthropic-replay', capture, baseUrl: provider.url, credential: KEY, ...wish.choice };
  const context = { caller: 'c', session: 's', cwd, timeoutMs: 60_000, ttlMs: 300_000, ...wish.context };
  const answer = await makeDriver(choice, { ...ENV, ...wish.env }).warm(context, never);
  expect(JSON.stringify(answer)).not.toMatch(new RegExp(`test-credential|${PROMPT_SECRET}`));
  return { answer, server: provider };
}

const nothingSent = ({ server, answer }: Replayed) => {
  expect(server.requests).toEqual([]);
  expect(answer).toMatchObject({ kind: 'failed' });
  expect(answer).not.toHaveProperty('startedAt');
};

describe('what is sent', () => {
  test('is the captured request to the byte, but for what asks for output', async () => {
    const { server, answer } = await replay();
    expect(answer).toMatchObject({ kind: 'answered', usage: { read: 0, output: 0 } });
    const [request] = server.requests;
    const expected = TEXT.replace('"max_tokens": 4096', '"max_tokens": 0').replace(' "stream": true,\n', ' \n');
    expect(request?.body.toString('utf8')).toBe(expected);
    expect(request?.path).toBe('/v1/messages?beta=true');
  });

  test('has the captured headers, and an answer in clear', async () => {
    const headers = {
      ...HEADERS,
      'Accept-Encoding': 'gzip, br',
      Connection: 'keep-alive',
      'content-type': 'application/json',
    };
    const { server } = await replay({ request: { headers } });
    const sent = server.requests[0]?.headers;
    expect(sent).toMatchObject({
      'x-api-key': 'test-credential',
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'one,two',
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      connection: 'close',
    });
  });

  test('goes below the path of a gateway', async () => {
    const server = await startCacheServer();
    const { answer } = await replay({ choice: { baseUrl: `${server.url}/some/gateway/` } }, server);
    expect(answer).toMatchObject({ kind: 'answered' });
    expect(server.requests[0]?.path).toBe('/some/gateway/v1/messages?beta=true');
  });

  test('keeps a prefix of an hour for an hour', async () => {
    const server = await startCacheServer();
    const body = JSON.stringify(conversationBody({ tier: '1h', turns: 4 }));
    const first = await replay({ request: { body } }, server);
    server.clock.advance(3_300_000);
    const second = await replay({ request: { body }, context: { ttlMs: 3_600_000 } }, server);
    const write = first.answer.kind === 'answered' ? first.answer.usage?.writeHour : undefined;
    expect(write).toBeGreaterThan(1_024);
    expect(second.answer).toMatchObject({ kind: 'answered', usage: { read: write, write: 0 } });
  });
});

test('what an SDK sends through a fetch that captures is what is read', async () => {
  const server = await startCacheServer();
  const cwd = temporaryDirectory();
  const capture = join(cwd, 'captures', 'last.jsonl');
  const capturingFetch: typeof fetch = (url, init) => {
    const { method = 'GET', headers, body } = init ?? {};
    captureRequest(capture, { method, url: String(url), headers: new Headers(headers), body: body as string });
    return fetch(url, init);
  };
  await capturingFetch(`${server.url}/v1/messages?beta=true`, { method: 'POST', headers: HEADERS, body: TEXT });
  await expect(capturingFetch(`${server.url}/v1/models`)).resolves.toMatchObject({ status: 401 });

  const choice: Choice = { name: 'anthropic-replay', capture, baseUrl: server.url, credential: KEY };
  const context = { caller: 'c', session: 's', cwd, timeoutMs: 60_000, ttlMs: 300_000 };
  server.clock.advance(240_000);
  const answer = await makeDriver(choice, ENV).warm(context, never);
  expect(answer).toMatchObject({ kind: 'answered', usage: { read: server.requests[0]?.use?.write, write: 0 } });
});

describe('the credential', () => {
  const helper = (script: string): CredentialSource => ({ kind: 'helper', argv: ['sh', '-c', script] });
  const bearer = { ...HEADERS, 'x-api-key': '', Authorization: 'Bearer own-credential-of-the-caller' };

  test.each<[string, CredentialSource, object, object]>([
    ['a key', KEY, HEADERS, { 'x-api-key': 'test-credential' }],
    ['a key whatever the caller has', KEY, bearer, { 'x-api-key': 'test-credential' }],
    [
      'a token',
      { kind: 'environment', variable: 'ANTHROPIC_AUTH_TOKEN' },
      HEADERS,
      { authorization: 'Bearer test-credential' },
    ],
    [
      'a helper’s, as the caller has it',
      helper('echo; echo " test-credential "'),
      bearer,
      { authorization: 'Bearer test-credential' },
    ],
    ['a helper’s, as a key', helper('printf test-credential'), HEADERS, { 'x-api-key': 'test-credential' }],
  ])('is %s', async (_, credential, headers, sent) => {
    const { server, answer } = await replay({
      choice: { credential },
      request: { headers: headers as Record<string, string> },
    });
    expect(answer).toMatchObject({ kind: 'answered' });
    expect(server.requests[0]?.headers).toMatchObject(sent);
    expect(JSON.stringify(server.requests[0]?.headers)).not.toContain('own-credential');
  });

  test('is read anew for each request', async () => {
    const cwd = temporaryDirectory();
    const script = 'echo x >>count; [ $(wc -l <count) = 1 ] && echo stale-credential || echo test-credential';
    const capture = join(cwd, 'last.jsonl');
    const server = await startCacheServer();
    captureRequest(capture, { method: 'POST', url: '/v1/messages', headers: HEADERS, body: TEXT });
    const choice: Choice = { name: 'anthropic-replay', capture, baseUrl: server.url, credential: helper(script) };
    const driver = makeDriver(choice, ENV);
    const context = { caller: 'c', session: 's', cwd, timeoutMs: 60_000, ttlMs: 300_000 };
    expect(await driver.warm(context, never)).toMatchObject({ kind: 'failed', reason: 'driver_unavailable' });
    expect(await driver.warm(context, never)).toMatchObject({ kind: 'answered' });
    expect(readFileSync(capture, 'utf8')).not.toContain('test-credential');
  });

  test.each<[string, CredentialSource, NodeJS.ProcessEnv, string]>([
    ['not set', KEY, { ANTHROPIC_API_KEY: undefined }, 'ANTHROPIC_API_KEY gives no credential'],
    ['empty', KEY, { ANTHROPIC_API_KEY: ' ' }, 'ANTHROPIC_API_KEY gives no credential'],
    ['two lines', KEY, { ANTHROPIC_API_KEY: 'test-credential\nx' }, 'no usable credential'],
    ['no header', KEY, { ANTHROPIC_API_KEY: 'tést-credential' }, 'no usable credential'],
    ['silence', helper('true'), {}, 'the credential helper gives no credential'],
    ['a message', helper('echo test-credential; echo expires soon'), {}, 'no usable credential'],
    ['without end', helper('yes test-credential | head -c 3000000'), {}, 'no usable credential'],
    ['a failure', helper('echo test-credential; exit 3'), {}, 'the credential helper exited with 3'],
    ['a kill', helper('kill -9 $$'), {}, 'the credential helper was killed by SIGKILL'],
    ['no program', { kind: 'helper', argv: ['/no/such'] }, {}, 'the credential helper could not be started: ENOENT'],
  ])('that is %s is no credential, and nothing is sent', async (_, credential, env, error) => {
    const replayed = await replay({ choice: { credential }, env });
    nothingSent(replayed);
    const expected = { reason: 'driver_unavailable', retryable: false, error: expect.stringContaining(error) };
    expect(replayed.answer).toMatchObject(expected);
  });

  test('of a helper that takes too long is waited for no longer than the request may take', async () => {
    const replayed = await replay({ choice: { credential: helper('sleep 600') }, context: { timeoutMs: 200 } });
    nothingSent(replayed);
    expect(replayed.answer).toMatchObject({ retryable: true });
  });
});

describe('a prefix that is taken to be cold', () => {
  const ago = (ms: number) => Date.now() - ms;

  test.each<[string, Partial<WarmContext>, number, boolean]>([
    ['is left alone', {}, 301_000, false],
    ['is left alone by the life that was given', { ttlMs: 10_000 }, 11_000, false],
    ['is none that lives longer', { ttlMs: 3_600_000 }, 301_000, true],
    ['is none that was read since', { anchor: ago(200_000) }, 301_000, true],
    ['was read too long ago', { anchor: ago(301_000) }, 900_000, false],
    ['is written anew where that is asked for', { revive: true }, 900_000, true],
    ['cannot be told from the future', {}, -60_000, false],
  ])('%s', async (_, context, age, isSent) => {
    const replayed = await replay({ context, request: { at: ago(age) } });
    if (isSent) return expect(replayed.answer).toMatchObject({ kind: 'answered' });
    nothingSent(replayed);
    return expect(replayed.answer).toMatchObject({ reason: 'predicted_cold', retryable: false });
  });
});

test.each([
  ['is not sent', {}, false],
  ['is sent where it was to be written anew', { revive: true }, true],
] as const)('a prefix that goes cold while the credential is fetched %s', async (_, context, isSent) => {
  const gate = temporaryDirectory();
  const argv = ['sh', '-c', 'touch asked; until [ -e answer ]; do sleep 0.02; done; echo test-credential'];
  const asked = replay({
    choice: { credential: { kind: 'helper', argv } },
    context: { cwd: gate, ...context },
  });
  await until(() => existsSync(join(gate, 'asked')), 'the helper to be asked');
  // The machine sleeps.
  const later = Date.now() + 301_000;
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => later);
  onTestFinished(() => clock.mockRestore());
  writeFileSync(join(gate, 'answer'), '');
  const replayed = await asked;
  if (isSent) return expect(replayed.answer).toMatchObject({ kind: 'answered' });
  nothingSent(replayed);
  return expect(replayed.answer).toMatchObject({ reason: 'predicted_cold', retryable: false });
});

test('what a driver has read itself lives on, however old the captured request is', async () => {
  const server = await startCacheServer();
  const cwd = temporaryDirectory();
  const capture = join(cwd, 'last.jsonl');
  const choice: Choice = { name: 'anthropic-replay', capture, baseUrl: server.url, credential: KEY };
  const context = { caller: 'c', session: 's', cwd, timeoutMs: 60_000, ttlMs: 300_000 };
  const captureOf = (age: number) => {
    const request = { method: 'POST', url: '/v1/messages', headers: HEADERS, body: TEXT, at: Date.now() - age };
    captureRequest(capture, request);
  };
  const driver = makeDriver(choice, ENV);
  captureOf(240_000);
  expect(await driver.warm(context, never)).toMatchObject({ kind: 'answered' });
  captureOf(480_000);
  expect(await driver.warm(context, never)).toMatchObject({ kind: 'answered' });
  expect(await makeDriver(choice, ENV).warm(context, never)).toMatchObject({ reason: 'predicted_cold' });
});

describe('nothing is sent', () => {
  test.each<[string, Partial<OutgoingRequest>, string]>([
    ['of a body that is no JSON', { body: 'hello' }, 'not a JSON object'],
    ['of an encoded body', { headers: { ...HEADERS, 'Content-Encoding': 'gzip' } }, 'encoded'],
    ['that would need thinking', { body: TEXT.replace('{', '{"thinking":{"type":"enabled"},') }, 'thinking'],
    ['that marks nothing', { body: TEXT.replaceAll('cache_control', 'other') }, 'marks nothing'],
  ])('%s', async (_, request, why) => {
    const replayed = await replay({ request });
    nothingSent(replayed);
    expect(replayed.answer).toMatchObject({
      reason: 'not_replayable',
      retryable: false,
      error: expect.stringContaining(why),
    });
  });

  test('of headers that cannot be sent', async () => {
    const replayed = await replay({ request: { headers: { ...HEADERS, 'x-own': 'a\r\nb' } } });
    nothingSent(replayed);
    expect(replayed.answer).toMatchObject({ reason: 'not_replayable' });
  });

  test('of another path or method than was captured by this program', async () => {
    for (const [from, to] of [
      ['/v1/messages', '/v1/complete'],
      ['"POST"', '"PUT"'],
    ] as const) {
      const server = await startCacheServer();
      const capture = join(temporaryDirectory(), 'last.jsonl');
      captureRequest(capture, { method: 'POST', url: '/v1/messages', headers: HEADERS, body: TEXT });
      writeFileSync(capture, readFileSync(capture, 'utf8').replace(from, to));
      nothingSent(await replay({ choice: { capture } }, server));
    }
  });

  test('before there is a capture, which may come', async () => {
    const replayed = await replay({ choice: { capture: '/no/such/capture' } });
    nothingSent(replayed);
    expect(replayed.answer).toMatchObject({ reason: 'not_replayable', retryable: true });
  });

  test('of a capture that others may read', async () => {
    const capture = join(temporaryDirectory(), 'last.jsonl');
    captureRequest(capture, { method: 'POST', url: '/v1/messages', headers: HEADERS, body: TEXT });
    chmodSync(capture, 0o644);
    const replayed = await replay({ choice: { capture } });
    nothingSent(replayed);
    expect(replayed.answer).toMatchObject({ reason: 'not_replayable', retryable: false });
  });

  test.each(['', 'localhost', 'ftp://localhost', 'http://user:secret@localhost', 'http://localhost/?key=secret'])(
    'to %j',
    async (baseUrl) => {
      const replayed = await replay({ choice: { baseUrl } });
      nothingSent(replayed);
      expect(replayed.answer).toMatchObject({ reason: 'driver_unavailable' });
      expect(JSON.stringify(replayed.answer)).not.toContain('secret');
    },
  );

  test.each([
    ['http://127.0.0.1:1', /ECONNREFUSED/],
    ['http://no-such-host.invalid', /ENOTFOUND|EAI_AGAIN/],
  ])('where nobody listens: %s', async (baseUrl, error) => {
    const replayed = await replay({ choice: { baseUrl } });
    nothingSent(replayed);
    expect(replayed.answer).toMatchObject({
      reason: 'probe_failed',
      retryable: true,
      error: expect.stringMatching(error),
    });
  });
});

describe('an answer', () => {
  test('that is a redirect is not followed: the credential is for one host', async () => {
    const server = await startCacheServer();
    const elsewhere = await startCacheServer();
    server.failNext({ kind: 'status', status: 307, headers: { location: `${elsewhere.url}/v1/messages` } });
    const { answer } = await replay({}, server);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'driver_unavailable', retryable: false });
    expect(elsewhere.requests).toEqual([]);
  });

  test.each<[Record<string, string>, object]>([
    [{ 'retry-after': '30' }, { retryAfterMs: 30_000 }],
    [{ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }, { retryAfterMs: 0 }],
    [{}, {}],
  ])('that says when to come back is told so: %j', async (headers, expected) => {
    const server = await startCacheServer();
    server.failNext({ kind: 'status', status: 529, headers });
    const { answer } = await replay({}, server);
    expect(answer).toEqual({
      kind: 'failed',
      reason: 'backoff',
      retryable: true,
      error: 'the provider answered 529 (overloaded_error)',
      startedAt: expect.any(Number),
      ...expected,
    });
  });

  test.each([
    [
      '{"type":"error","error":{"type":"api_error"}}',
      { kind: 'failed', error: 'the answer is not a message (api_error)' },
    ],
    ['[]', { kind: 'failed', error: 'the answer is not a message' }],
    ['{"type":"message","content":[]}', { kind: 'answered', usage: null }],
  ])('with status 200 that is %s', async (text, expected) => {
    const { answer } = await replay({ choice: { baseUrl: await serverOf(text) } });
    expect(answer).toMatchObject(expected);
  });

  test('that is none of HTTP’s is a failure by its name', async () => {
    const { answer } = await replay({ choice: { baseUrl: await serverOf(undefined) } });
    expect(answer).toMatchObject({
      kind: 'failed',
      reason: 'probe_failed',
      error: expect.stringMatching(/: HPE_[A-Z_]+$/),
    });
  });
});

test('what two conversations share is told by its origin, and shows nothing', () => {
  const choice: Choice = {
    name: 'anthropic-replay',
    capture: '/c',
    baseUrl: 'https://user:secret@host/path',
    credential: KEY,
  };
  const helper: Choice = { ...choice, credential: { kind: 'helper', argv: ['/bin/key', '--secret'] } };
  expect(makeDriver(choice, ENV).credential).toBe('anthropic-replay:https://host:ANTHROPIC_API_KEY');
  expect(makeDriver(helper, ENV).credential).toMatch(/^anthropic-replay:https:\/\/host:helper:key#[0-9a-f]{16}$/);
  expect(makeDriver({ ...choice, capture: '/other' }, ENV).credential).toBe(makeDriver(choice, ENV).credential);
});

/** A server that answers 200 with this text, or without HTTP. */
async function serverOf(text: string | undefined): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    if (text === undefined) request.socket.end('SSH-2.0-hello\r\n');
    else response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
