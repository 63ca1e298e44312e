import { PassThrough, Writable } from 'node:stream';
import { until } from '@csa/testkit';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { StdioTransport } from './stdio-transport.ts';

const PING = { jsonrpc: '2.0', method: 'ping' } as const;
const DONE = { jsonrpc: '2.0', result: {} } as const;
const PROGRESS = {
  jsonrpc: '2.0',
  method: 'notifications/progress',
  params: { progressToken: 1, progress: 1 },
} as const;

async function connect(output: Writable = new PassThrough(), maxMessageBytes = 1_000) {
  const input = new PassThrough();
  const transport = new StdioTransport({ input, output, maxMessageBytes });
  const came: JSONRPCMessage[] = [];
  let written = '';
  output.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  transport.onmessage = (message) => came.push(message);
  await transport.start();
  const say = (message: object | string): void => {
    input.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  };
  const answers = (): Record<string, unknown>[] =>
    written
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { transport, input, say, came, answers };
}

it('delivers what comes and writes one message a line', async () => {
  const { transport, say, came, answers } = await connect();
  say({ ...PING, id: 1 });
  say('');
  say({ ...PING, id: 2 });
  await until(() => came.length === 2, 'two messages');
  await transport.send({ ...DONE, id: 2 });
  await transport.send({ ...DONE, id: 1 });
  expect(answers()).toEqual([
    { ...DONE, id: 2 },
    { ...DONE, id: 1 },
  ]);
});

it('answers what is no message, and what is too long, and goes on', async () => {
  const { say, came, answers } = await connect();
  say('garbage');
  say('x'.repeat(5_000));
  say({ ...PING, id: 1 });
  await until(() => came.length === 1 && answers().length === 2, 'two refusals and a message');
  expect(answers()).toMatchObject([{ error: { code: -32_700 } }, { error: { code: -32_600 } }]);
});

it('refuses a second request under an id that is in use; the first is answered as if there were none', async () => {
  const { transport, say, came, answers } = await connect();
  say({ ...PING, id: 1 });
  say({ ...PING, id: 1 });
  await until(() => answers().length === 1, 'a refusal');
  expect(answers()).toMatchObject([{ id: 1, error: { code: -32_600 } }]);
  expect(came).toHaveLength(1);
  let isShown = false;
  transport.calls.afterAnswer(1, () => {
    isShown = true;
  });
  await transport.send({ ...DONE, id: 1 });
  expect(isShown).toBe(true);
  say({ ...PING, id: 1 });
  await until(() => came.length === 2, 'the id once more');
});

it('does what is to be done after an answer only once it is written, and never for a cancelled request', async () => {
  const { transport, say, came } = await connect();
  const shown: number[] = [];
  for (const id of [1, 2]) say({ ...PING, id });
  await until(() => came.length === 2, 'two messages');
  for (const id of [1, 2]) transport.calls.afterAnswer(id, () => shown.push(id));
  say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  await until(() => came.length === 3, 'the cancellation');
  await transport.send({ ...DONE, id: 1 });
  await transport.send({ ...DONE, id: 2 });
  expect(shown).toEqual([2]);
});

it('is harmless about a cancellation of nothing', async () => {
  const { transport, say, came } = await connect();
  for (const params of [{ requestId: 9 }, {}, undefined]) {
    say({ jsonrpc: '2.0', method: 'notifications/cancelled', ...(params === undefined ? {} : { params }) });
  }
  say({ ...PING, id: 1 });
  await until(() => came.some((message) => 'id' in message), 'the request');
  await transport.send({ ...DONE, id: 1 });
  await transport.calls.idle();
});

it('departs when its input has ended, after what came last, though its line never ended', async () => {
  const { transport, input, came } = await connect();
  input.end(JSON.stringify({ ...PING, id: 1 }));
  expect(await transport.departed).toBe('input-ended');
  expect(came).toHaveLength(1);
});

it('departs when nobody reads any more', async () => {
  const output = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
  });
  const { transport } = await connect(output);
  await transport.send({ ...DONE, id: 1 });
  expect(await transport.departed).toBe('output-closed');
  await transport.send({ ...DONE, id: 2 });
});

it('drops progress, and nothing else, while nobody reads', async () => {
  const taken: string[] = [];
  let release = (): void => {};
  const output = new Writable({
    highWaterMark: 10,
    write: (chunk, _encoding, done) => {
      taken.push(chunk.toString());
      release = done;
    },
  });
  const { transport } = await connect(output);
  const first = transport.send(PROGRESS);
  await transport.send(PROGRESS);
  const second = transport.send({ ...DONE, id: 1 });
  release();
  await first;
  release();
  await second;
  expect(taken.map((line) => Object.keys(JSON.parse(line)))).toEqual([
    ['jsonrpc', 'method', 'params'],
    ['jsonrpc', 'result', 'id'],
  ]);
});

it('reads no more from a client that reads nothing, until it does', async () => {
  const waiting: (() => void)[] = [];
  const output = new Writable({ write: (_chunk, _encoding, done) => void waiting.push(done) });
  const { transport, input, say, came } = await connect(output);
  const held = transport.send({ ...DONE, id: 'x'.repeat(5 * 1_048_576) });
  expect(input.isPaused()).toBe(true);
  say({ ...PING, id: 1 });
  await new Promise(setImmediate);
  expect(came).toHaveLength(0);
  for (const done of waiting) done();
  await held;
  await until(() => came.length === 1, 'what was said meanwhile');
});
