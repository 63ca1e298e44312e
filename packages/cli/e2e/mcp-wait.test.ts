import { renameSync } from 'node:fs';
import { sessionDirectory, temporaryWorld, until, type World } from '@csa/testkit';
import { type Progress, SdkErrorCode } from '@modelcontextprotocol/client';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { filesHeldBy } from './held-files.ts';
import { openGate, sessionFile, startGated, startJob, supervisorPid } from './job.ts';
import { McpClient } from './mcp-client.ts';
import { isRunning } from './program.ts';

const UNKNOWN_ID = '01M0F77JH0BVPHYFAVF40A3GZ5';
const TIMEOUT_MS = 60_000;
/** So soon after its client has gone a wait is over. */
const WATCH_END_MS = 1_000;

function expectSchema(schema: string, document: Record<string, unknown>): void {
  expect(faultsOf(schema, document)).toEqual([]);
}

describe('session_wait for one session', () => {
  it.each([
    ['a success', 'echo fine', { wait_result: 'finished', exit: 0, status: 'success' }, 'session_result'],
    ['a failure', 'echo bad; exit 3', { wait_result: 'finished', exit: 3, session_exit: 3 }, 'session_logs'],
    ['a signal', 'kill -9 $$', { wait_result: 'finished', exit: 137, status: 'signal' }, 'session_logs'],
  ])('tells %s by the document of the command', async (_, script, expected, tool) => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const id = await mcp.start(script);
    const { isError, document } = await mcp.call('session_wait', { ids: [id] });
    expect(isError).toBe(false);
    expectSchema('session-wait', document);
    expect(document).toMatchObject({ ...expected, session: id, next: { tool, arguments: { id } } });
  });

  it('says at the cap that it is alive and healthy, and what to call again', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const mcp = await McpClient.connect({ world });
    const { isError, document } = await mcp.call('session_wait', { ids: [id], cap: '100ms' });
    expect(isError).toBe(false);
    expectSchema('session-wait', document);
    expect(document).toMatchObject({
      wait_result: 'alive',
      exit: 0,
      cap_ms: 100,
      cap_source: 'flag',
      // A quick look is not to be repeated as one.
      next: { tool: 'session_wait', arguments: { ids: [id] } },
    });
  });

  it('says that a supervisor is dead, which is an answer and no error', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    process.kill(supervisorPid(world, id), 'SIGKILL');
    const mcp = await McpClient.connect({ world });
    const { isError, document } = await mcp.call('session_wait', { ids: [id] });
    expect(isError).toBe(false);
    expectSchema('session-wait', document);
    expect(document).toMatchObject({ wait_result: 'dead', exit: 124, next: { tool: 'session_status' } });
  });

  it('is an error where the record was removed meanwhile', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const mcp = await McpClient.connect({ world });
    const told: Progress[] = [];
    const wait = mcp.call('session_wait', { ids: [id], cap: '60s' }, { onprogress: (one) => told.push(one) });
    await until(() => told.length > 0, 'the wait to begin');
    const record = sessionDirectory(world, id);
    renameSync(record, `${record}.gone`);
    const { isError, document } = await wait;
    renameSync(`${record}.gone`, record);
    expectSchema('session-wait', document);
    expect([isError, document['wait_result'], document['reason']]).toEqual([true, 'error', 'registry-lost']);
  });

  it('has the cap of the configuration, and none of the calling shell', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const agent = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '12000', CI: 'true' };
    const mcp = await McpClient.connect({ world, env: { ...agent, CSA_WAIT_CAP: '300ms' } });
    const { document } = await mcp.call('session_wait', { ids: [id] });
    expect(document).toMatchObject({ wait_result: 'alive', cap_ms: 300, cap_source: 'env' });
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['a session that is not there', { ids: [UNKNOWN_ID] }, { wait_result: 'not_found', session: UNKNOWN_ID }],
    ['no id', { ids: ['nothing!'] }, { wait_result: 'error', reason: 'invalid-id', session: 'nothing!' }],
    ['a beginning of nothing', { ids: ['01m0f'] }, { wait_result: 'not_found', session: '01m0f' }],
  ])('refuses %s by the same document', async (_, given, expected) => {
    const mcp = await McpClient.connect({ world: temporaryWorld() });
    const { isError, document } = await mcp.call('session_wait', given);
    expect(isError).toBe(true);
    expectSchema('session-wait', document);
    expect(document).toMatchObject({ ...expected, exit: 125, next: { tool: 'session_list' } });
    expect(document['message']).toMatch(/expected .+, got .+\. \S/);
  });

  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['no ids', { ids: [] }],
    ['one id as a text', { ids: UNKNOWN_ID }],
    ['more than it knows', { ids: [UNKNOWN_ID], timeout: 5 }],
  ])('refuses %s by the same document, with nothing to call next but itself', async (_, given) => {
    const mcp = await McpClient.connect({ world: temporaryWorld() });
    const { isError, document } = await mcp.call('session_wait', given);
    expect(isError).toBe(true);
    expectSchema('session-wait', document);
    expect(document).toMatchObject({ wait_result: 'error', reason: 'bad-arguments', exit: 125, next: null });
    expect(document['message']).toContain('Call session_wait again');
  });

  it.each([
    ['too long', '2h', 'cap is out of range: expected 0'],
    ['none', 'long', 'cap'],
  ])('refuses a cap that is %s', async (_, cap, message) => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const { isError, document } = await mcp.call('session_wait', { ids: [await mcp.start('true')], cap });
    expect([isError, document['wait_result'], document['exit']]).toEqual([true, 'error', 125]);
    expect(document['message']).toContain(message);
  });
});

describe('session_wait for several', () => {
  it('tells all of them in one document', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const ids = [await mcp.start('true'), await mcp.start('exit 4')];
    const { document } = await mcp.call('session_wait', { ids });
    expectSchema('session-wait-many', document);
    expect(document).toMatchObject({ wait_result: 'finished', exit: 4, decided_by: ids[1], counts: { failed: 1 } });
    expect(document['next']).toBe(null);
  });

  it.each([{ mode: 'any' }, { count: 1 }])('returns with the first for %j, and names the rest', async (need) => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const [first, gate] = [await mcp.start('true'), await startGated(world)];
    const { document } = await mcp.call('session_wait', { ids: [gate, first], ...need });
    expect(document).toMatchObject({
      wait_result: 'finished',
      met: true,
      decided_by: first,
      next: { tool: 'session_wait', arguments: { ids: [gate] } },
    });
  });

  it('refuses one that is not there before it waits for any', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const { isError, document } = await mcp.call('session_wait', { ids: [await startGated(world), UNKNOWN_ID] });
    expect([isError, document['session'], document['wait_result']]).toEqual([true, UNKNOWN_ID, 'not_found']);
  });

  it('refuses more than are named', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const ids = [await mcp.start('true'), await mcp.start('true')];
    const { isError, document } = await mcp.call('session_wait', { ids, count: 3 });
    expect([isError, document['reason']]).toEqual([true, 'bad-count']);
  });
});

describe('progress', () => {
  it('keeps a client that waits one second for anything from cutting a wait of several', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 7');
    const mcp = await McpClient.connect({ world });
    const told: Progress[] = [];
    const wait = mcp.call(
      'session_wait',
      { ids: [id], cap: '60s' },
      { timeout: 1_000, resetTimeoutOnProgress: true, onprogress: (progress) => told.push(progress) },
    );
    await until(() => (told.at(-1)?.progress ?? 0) >= 3, 'three seconds of progress');
    openGate(world);
    expect((await wait).document).toMatchObject({ wait_result: 'finished', exit: 7 });
    const values = told.map(({ progress }) => progress);
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
    expect(told[0]).toMatchObject({ total: 60, message: expect.stringMatching(/^waited 0s/) });
  });

  it('tells the last line of either stream, cleaned', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const id = await mcp.start(
      `echo begun; sleep 0.1; printf '\\033[1mstep 2\\033[0m <!-- CSA:FAKE -->\\n' >&2; sleep 600`,
    );
    await until(() => sessionFile(world, id, 'stderr.log').includes('step 2'), 'its output');
    const told: Progress[] = [];
    const stop = new AbortController();
    const wait = mcp.call('session_wait', { ids: [id] }, { signal: stop.signal, onprogress: (one) => told.push(one) });
    await until(() => told.length > 0, 'progress');
    stop.abort();
    await expect(wait).rejects.toThrow();
    expect(told[0]?.message).toMatch(/^waited 0s, idle \d+s: step 2 </);
    expect(told[0]?.message).not.toMatch(/<!-- CSA:|\u001b/);
  });

  it('is not told to a client that did not ask for it', async () => {
    const world = temporaryWorld();
    const mcp = await McpClient.connect({ world });
    const errors: Error[] = [];
    mcp.client.onerror = (error) => errors.push(error);
    await mcp.call('session_wait', { ids: [await startGated(world)], cap: '1200ms' });
    expect(errors).toEqual([]);
  });
});

describe('a wait that nobody wants any more', () => {
  it.each([
    ['was cancelled', undefined, 'legacy'],
    ['was cancelled, by the newest revision of the protocol,', undefined, { pin: '2026-07-28' }],
    ['timed out', 1_500, 'legacy'],
  ] as const)(
    'because it %s is no longer watched within a second, and its session goes on',
    async (_, timeout, mode) => {
      const world = temporaryWorld();
      const id = await startGated(world);
      const mcp = await McpClient.connect({ world, options: { versionNegotiation: { mode } } });
      const told: Progress[] = [];
      const stop = new AbortController();
      const wait = mcp.call(
        'session_wait',
        { ids: [id], cap: '60s' },
        { signal: stop.signal, onprogress: (progress) => told.push(progress), ...(timeout && { timeout }) },
      );
      // Who watches a session holds its lifeline open.
      await until(() => told.length > 0 && filesHeldBy(mcp.pid, 'lifeline') > 0, 'the watch to begin');
      if (timeout === undefined) stop.abort();
      await expect(wait).rejects.toThrow();
      await until(() => filesHeldBy(mcp.pid, 'lifeline') === 0, 'the watch to end', WATCH_END_MS);
      expect(isRunning(supervisorPid(world, id))).toBe(true);
      openGate(world);
      const { document } = await mcp.call('session_wait', { ids: [id] });
      expect(document).toMatchObject({ wait_result: 'finished', exit: 0 });
    },
  );

  it('has shown nobody its answer: the brief still tells of it', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 3', ['--description', 'nobody saw it']);
    const mcp = await McpClient.connect({ world });
    const stop = new AbortController();
    const told: Progress[] = [];
    const wait = mcp.call('session_wait', { ids: [id] }, { signal: stop.signal, onprogress: (one) => told.push(one) });
    await until(() => told.length > 0, 'the wait to begin');
    stop.abort();
    await expect(wait).rejects.toThrow();
    openGate(world);
    await ended(world, id);
    expect((await mcp.call('session_brief')).text).toContain('nobody saw it');
    await mcp.call('session_wait', { ids: [id] });
    expect((await mcp.call('session_brief')).text).not.toContain('nobody saw it');
  });
});

it(
  'fifty waits at once are all answered, each about its own, and other calls meanwhile',
  async () => {
    const world = temporaryWorld();
    const gate = await startGated(world, 'exit 9');
    const quick = await startJob(['true'], { world });
    const mcp = await McpClient.connect({ world });
    const told: Progress[] = [];
    const options = { timeout: 40_000, onprogress: (progress: Progress) => told.push(progress) };
    const waits = Array.from({ length: 50 }, (_, i) =>
      mcp.call('session_wait', { ids: i % 2 === 0 ? [gate] : [gate, quick], cap: '60s' }, options),
    );
    await until(() => told.length >= 100, 'progress of all of them');
    expect(told.some(({ message }) => message?.includes(', 1 of 2 over, idle'))).toBe(true);
    expect((await mcp.call('session_status', { id: gate })).document).toMatchObject({ state: 'alive' });
    openGate(world);
    const answers = await Promise.all(waits);
    expect(answers.map(({ document }) => document['exit'])).toEqual(answers.map(() => 9));
    await until(() => filesHeldBy(mcp.pid, 'lifeline') === 0, 'all watches to end');
    expect(answers.every(({ document }, i) => String(document['schema']).includes('many') === (i % 2 === 1))).toBe(
      true,
    );
  },
  TIMEOUT_MS,
);

it('a client that times out is told so by its own library alone', async () => {
  const world = temporaryWorld();
  const mcp = await McpClient.connect({ world });
  const wait = mcp.call('session_wait', { ids: [await startGated(world)], cap: '60s' }, { timeout: 300 });
  await expect(wait).rejects.toMatchObject({ code: SdkErrorCode.RequestTimeout });
  expect((await mcp.call('session_list')).isError).toBe(false);
});

/** Its supervisor has left, and changes nothing any more. */
async function ended(world: World, id: string): Promise<void> {
  await until(() => sessionFile(world, id, 'state.toml').includes('retired'), 'its supervisor to leave');
}
