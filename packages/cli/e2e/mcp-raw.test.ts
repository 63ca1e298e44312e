import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCsa, temporaryWorld, testNode, until } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { startGated, supervisorPid } from './job.ts';
import { documentOf, RawServer } from './mcp-raw.ts';
import { isRunning, shell } from './program.ts';

const MIB = 1_048_576;
const PARSE_ERROR = { code: -32_700 };
const INVALID_REQUEST = { code: -32_600 };
const INVALID_PARAMS = { code: -32_602 };
const NOT_FOUND = { code: -32_601 };

function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

describe('what no client should send is answered, and the next call as if nothing had been:', () => {
  it.each<[string, string | Buffer, object]>([
    ['garbage', 'hello', { error: PARSE_ERROR }],
    ['a line that is no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { error: PARSE_ERROR }],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', { error: INVALID_REQUEST }],
    ['a request without a method', '{"jsonrpc":"2.0","id":1}', { id: 1, error: INVALID_REQUEST }],
    ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"tools/dance"}', { id: 1, error: NOT_FOUND }],
    [
      'a call without a name',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}',
      { id: 1, error: INVALID_PARAMS },
    ],
    ['a call of a tool that is not there', call('session_dance', '{}'), { id: 1, error: INVALID_PARAMS }],
    ['a call of what every object has', call('constructor', '{}'), { id: 1, error: INVALID_PARAMS }],
    ['arguments that are no object', call('session_list', '[]'), { id: 1, error: INVALID_PARAMS }],
    ['arguments nested a thousand times', call('session_list', nested(1_000)), { id: 1, result: { isError: true } }],
    ['an argument nested 100,000 times', call('session_list', nested(100_000)), { id: 1 }],
    ['a prototype as an argument', call('session_list', '{"__proto__":{"cd":"/"}}'), { id: 1, result: {} }],
  ])('%s', async (_, line, answer) => {
    const server = new RawServer({ world: temporaryWorld() });
    await server.initialize();
    server.say(line);
    await until(() => server.messages.length === 2, 'an answer');
    expect(server.messages[1]).toMatchObject({ jsonrpc: '2.0', ...answer });
    expect(documentOf(await server.call('next', 'session_list', {}))).toMatchObject({ total: 0 });
    expect(server.stderr).toBe('');
  });

  it.each([
    ['a malformed notification', '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}'],
    ['a late cancellation', '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"init"}}'],
    ['an answer to nothing', '{"jsonrpc":"2.0","id":7,"result":{}}'],
    ['blank lines', '\n  \r\n'],
  ])('%s, which is not answered', async (_, line) => {
    const server = new RawServer({ world: temporaryWorld() });
    await server.initialize();
    server.say(line);
    expect(documentOf(await server.call('next', 'session_list', {}))).toMatchObject({ total: 0 });
    expect(server.messages).toHaveLength(2);
  });

  it('a line of 64 MB, of which never more than ten are held', async () => {
    const server = new RawServer({ world: temporaryWorld() });
    await server.initialize();
    for (let sent = 0; sent < 64; sent += 1) {
      const isDrained = server.child.stdin?.write('x'.repeat(MIB));
      if (!isDrained) await new Promise((resolve) => server.child.stdin?.once('drain', resolve));
    }
    server.say('');
    await until(() => server.messages.length === 2, 'a refusal');
    expect(server.messages[1]).toMatchObject({ error: INVALID_REQUEST });
    expect(await server.call('next', 'session_list', {})).toHaveProperty('result');
    const status = await shell(`grep VmHWM /proc/${server.child.pid}/status`, { world: temporaryWorld() });
    expect(Number(/\d+/.exec(status.stdout)?.[0]) / 1_024).toBeLessThan(250);
  });

  it('a second request under an id that is in use', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const server = new RawServer({ world });
    await server.initialize();
    const wait = { name: 'session_wait', arguments: { ids: [id], cap: '60s' }, _meta: { progressToken: 'p' } };
    server.request(5, 'tools/call', wait);
    await until(() => server.messages.some(({ method }) => method === 'notifications/progress'), 'the wait to begin');
    server.request(5, 'ping');
    expect(await server.answer(5)).toMatchObject({ error: INVALID_REQUEST });
    const before = server.messages.length;
    await until(() => server.messages.length > before, 'the wait to go on');
  });

  it('calls before it was initialized', async () => {
    const server = new RawServer({ world: temporaryWorld() });
    expect(documentOf(await server.call(1, 'session_list', {}))).toMatchObject({ total: 0 });
  });
});

function call(name: string, args: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${name}","arguments":${args}}}`;
}

it('answers what was asked before its input ended, and leaves with 0', async () => {
  const world = temporaryWorld();
  const ask = `printf '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'`;
  const { code, stdout, stderr } = await shell(`${ask} | "${testNode()}" "${builtCsa}" mcp`, { world });
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });
});

it('tells no more progress of a wait that was cancelled, nor answers it', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const server = new RawServer({ world });
  await server.initialize();
  const wait = (token: string) => ({ name: 'session_wait', arguments: { ids: [id] }, _meta: { progressToken: token } });
  const told = (token: string): number =>
    server.messages.filter(({ params }) => (params as { progressToken?: string })?.progressToken === token).length;
  server.request(1, 'tools/call', wait('first'));
  await until(() => told('first') > 0, 'the wait to begin');
  server.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: 'enough' } });
  await server.call(2, 'session_list', {});
  const before = told('first');
  server.request(3, 'tools/call', wait('second'));
  await until(() => told('second') >= 4, 'progress of another wait');
  expect(told('first')).toBe(before);
  expect(server.messages.some((message) => message.id === 1)).toBe(false);
});

describe('ends, and its sessions go on,', () => {
  it.each<[string, (server: RawServer) => void, number]>([
    ['when its client has closed its input', (server) => server.child.stdin?.end(), 0],
    ['when nobody reads what it says', (server) => server.child.stdout?.destroy(), 0],
    ['by SIGTERM', (server) => void server.child.kill('SIGTERM'), 143],
    ['by SIGINT', (server) => void server.child.kill('SIGINT'), 130],
    ['by SIGHUP', (server) => void server.child.kill('SIGHUP'), 129],
  ])('%s, in the middle of a wait', async (_, leave, code) => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const server = new RawServer({ world });
    await server.initialize();
    const wait = { name: 'session_wait', arguments: { ids: [id], cap: '100s' }, _meta: { progressToken: 1 } };
    server.request(1, 'tools/call', wait);
    await until(() => server.messages.some(({ method }) => method === 'notifications/progress'), 'the wait to begin');
    leave(server);
    const ended = await server.ended;
    expect([ended.code, ended.signal, ended.stderr]).toEqual([code, null, '']);
    expect(isRunning(supervisorPid(world, id))).toBe(true);
  });

  it('and a wait that is cut off by it says that it was interrupted', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const server = new RawServer({ world });
    await server.initialize();
    server.request(1, 'tools/call', { name: 'session_wait', arguments: { ids: [id] }, _meta: { progressToken: 1 } });
    await until(() => server.messages.some(({ method }) => method === 'notifications/progress'), 'the wait to begin');
    server.child.kill('SIGTERM');
    await server.ended;
    expect(documentOf(await server.answer(1))).toMatchObject({ wait_result: 'interrupted', status: 'alive' });
  });
});

it('prints nothing but the protocol, whatever else prints', async () => {
  const world = temporaryWorld();
  const chatter = join(world.home, 'chatter.cjs');
  writeFileSync(chatter, 'setInterval(() => console.log("chatter"), 5).unref();');
  const server = new RawServer({ world, node: ['--require', chatter] });
  await server.initialize();
  await until(() => server.stderr.includes('chatter'), 'the chatter on standard error');
  await server.call(1, 'session_list', {});
  // What was printed before the server began is not its own.
  expect(server.stdout.slice(server.stdout.indexOf('{'))).not.toContain('chatter');
});

it('gives nothing of its own to the sessions that it starts, nor keeps anything of theirs', async () => {
  const world = temporaryWorld();
  const server = new RawServer({ world });
  await server.initialize();
  const descriptors = (): number => readdirSync(`/proc/${server.child.pid}/fd`).length;
  const cycle = async (round: number): Promise<void> => {
    const { session } = documentOf(await server.call(`s${round}`, 'session_start', { shell: 'true' }));
    await server.call(`w${round}`, 'session_wait', { ids: [session] });
  };
  await cycle(0);
  const before = descriptors();
  for (const round of [1, 2, 3]) await cycle(round);
  await until(() => descriptors() <= before, 'as many descriptors as before');
});
