import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { type ModelServer, startModel } from './model-server.ts';
import type { Json, Script } from './turn.ts';

async function model(script: Script): Promise<ModelServer> {
  const server = await startModel(script);
  onTestFinished(() => server.close());
  return server;
}

async function post(url: string, body: Json): Promise<{ status: number; events: Json[] }> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  return { status: response.status, events: lines.map((line) => JSON.parse(line.slice('data: '.length))) };
}

const REQUESTS: ReadonlyArray<[path: string, body: Json]> = [
  ['/v1/messages?beta=true', { tools: [{ name: 'shell' }], messages: [{ role: 'user', content: 'go' }] }],
  ['/v1/responses', { tools: [{ type: 'function', name: 'shell' }], input: [{ role: 'user', content: 'go' }] }],
  [
    '/v1beta/models/any:streamGenerateContent?alt=sse',
    { tools: [{ functionDeclarations: [{ name: 'shell' }] }], contents: [{ role: 'user', parts: [{ text: 'go' }] }] },
  ],
];

it.each(REQUESTS)('a request to %s is a turn of the script', async (path, body) => {
  const { url, turns } = await model(() => ({ kind: 'call', tool: 'shell', input: { line: 'true' } }));
  const { status, events } = await post(url + path, body);
  expect([status, JSON.stringify(events)]).toEqual([200, expect.stringContaining('shell')]);
  expect(turns).toEqual([{ index: 0, tools: ['shell'], answers: [], said: expect.stringContaining('go') }]);
});

it.each(REQUESTS)('a request to %s without tools is none of the script’s turns', async (path, body) => {
  const { url, turns } = await model(() => {
    throw new Error('asked');
  });
  expect((await post(url + path, { ...(body as object), tools: [] })).status).toBe(200);
  expect(turns).toEqual([]);
});

it('what a script throws is kept, and the client refused', async () => {
  const { url, faults } = await model(() => {
    throw new Error('unforeseen');
  });
  const [path, body] = REQUESTS[0] ?? ['', null];
  expect((await post(url + path, body)).status).toBe(400);
  expect(faults).toEqual([new Error('unforeseen')]);
});

it('any other request is written down and refused, one to another host, too', async () => {
  const { url, others } = await model(() => ({ kind: 'say', text: 'never' }));
  expect((await fetch(`${url}/v1/models`)).status).toBe(404);
  const socket = connect(Number(new URL(url).port), '127.0.0.1').end('CONNECT example.org:443 HTTP/1.1\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1.1 403 /);
  expect(others).toEqual(['GET /v1/models', 'CONNECT example.org:443']);
});
