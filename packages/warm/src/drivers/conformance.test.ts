import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CacheFault, PROMPT_SECRET, until } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import type { WarmAnswer } from './driver.ts';
import { type Bench, CREDENTIAL, callerAsks, makeBench } from './driver-bench.test.fixture.ts';
import type { DriverChoice } from './driver-choice.ts';

const never = new AbortController().signal;
const DRIVERS: readonly DriverChoice['name'][] = ['command', 'claude-fork', 'codex-fork', 'anthropic-replay'];

/** Every answer in these tests comes through here: none may show what is nobody's business. */
async function warm({ driver, context }: Bench, signal = never, more = {}): Promise<WarmAnswer> {
  const answer = await driver.warm({ ...context, ...more }, signal);
  for (const secret of [CREDENTIAL, PROMPT_SECRET]) expect(JSON.stringify(answer)).not.toContain(secret);
  return answer;
}

/** The program that the driver has started, when it is there, is gone. */
async function nothingIsLeft({ context }: Bench): Promise<void> {
  const path = join(context.cwd, 'sender.pid');
  if (!existsSync(path)) return;
  const pid = Number(readFileSync(path, 'utf8'));
  await until(() => !existsSync(`/proc/${pid}`), 'the end of what the driver has started');
}

describe.each(DRIVERS)('%s', (name) => {
  test('reads the prefix at 240 s, so that the caller finds it at 482 s', async () => {
    const bench = await makeBench(name);
    const { server } = bench;
    const { write } = await callerAsks(server);
    server.clock.advance(240_000);
    const before = Date.now();
    const answer = await warm(bench);
    expect(answer).toMatchObject({ kind: 'answered', usage: { read: write, output: 0 } });
    expect(answer.startedAt).toBeGreaterThanOrEqual(before);
    expect(answer.startedAt).toBeLessThanOrEqual(Date.now());
    server.clock.advance(242_000);
    expect(await callerAsks(server)).toMatchObject({ read: write, write: 0 });
    expect(server.requests).toHaveLength(3);
  });

  test('says when the prefix was gone', async () => {
    const bench = await makeBench(name);
    const { write } = await callerAsks(bench.server);
    bench.server.clock.advance(300_000);
    expect(await warm(bench)).toMatchObject({ kind: 'answered', usage: { read: 0 } });
    expect(bench.server.requests.at(-1)?.use).toMatchObject({ write });
  });

  test('takes the start of the request for its time, however late the answer', async () => {
    const bench = await makeBench(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.server.failNext({ kind: 'delay', until: promise });
    const answer = warm(bench);
    await until(() => bench.server.requests.length === 1, 'the request');
    const received = Date.now();
    await until(() => Date.now() > received, 'the clock');
    resolve();
    expect((await answer).startedAt).toBeLessThanOrEqual(received);
  });

  test.each<[CacheFault['kind'], CacheFault, string, boolean]>([
    ['drop', { kind: 'drop', when: 'before' }, 'probe_failed', true],
    ['drop', { kind: 'drop', when: 'after' }, 'probe_failed', true],
    ['garbage', { kind: 'garbage' }, 'probe_failed', true],
    ['huge', { kind: 'huge', bytes: 3_000_000 }, 'probe_failed', true],
    ['status', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, 'backoff', true],
    ['status', { kind: 'status', status: 529 }, 'backoff', true],
    ['status', { kind: 'status', status: 500 }, 'probe_failed', true],
    ['status', { kind: 'status', status: 400, type: 'invalid_request_error' }, 'not_replayable', false],
    ['status', { kind: 'status', status: 401, type: 'authentication_error' }, 'driver_unavailable', false],
    ['status', { kind: 'status', status: 403, type: 'permission_error' }, 'driver_unavailable', false],
  ])('has failed at a %s: %j is %s, and passes: %s', async (_, fault, reason, retryable) => {
    const bench = await makeBench(name);
    bench.server.failNext(fault);
    const answer = await warm(bench);
    expect(answer).toMatchObject({ kind: 'failed', reason, retryable, startedAt: expect.any(Number) });
    expect(bench.server.requests).toHaveLength(1);
    await nothingIsLeft(bench);
  });

  test.each(['hang', 'stall'] as const)('ends at its limit when the provider does not answer: %s', async (kind) => {
    const bench = await makeBench(name);
    bench.server.failNext({ kind });
    const answer = await warm(bench, never, { timeoutMs: 1_000 });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'probe_failed', retryable: true });
    await nothingIsLeft(bench);
  });

  test('ends when it is called off, and leaves nothing behind', async () => {
    const bench = await makeBench(name);
    bench.server.failNext({ kind: 'hang' });
    const off = new AbortController();
    const answer = warm(bench, off.signal);
    await until(() => bench.server.requests.length === 1, 'the request');
    off.abort();
    expect(await answer).toMatchObject({
      kind: 'failed',
      reason: 'aborted',
      retryable: true,
      startedAt: expect.any(Number),
    });
    await nothingIsLeft(bench);
  });

  test('sends nothing when it was called off before', async () => {
    const bench = await makeBench(name);
    expect(await warm(bench, AbortSignal.abort())).toMatchObject({ kind: 'failed', reason: 'aborted' });
    expect(bench.server.requests).toEqual([]);
  });

  test('sends nothing without a credential, and says so', async () => {
    const bench = await makeBench(name, { ANTHROPIC_API_KEY: undefined });
    const answer = await warm(bench);
    expect(answer).toMatchObject({ kind: 'failed', error: expect.stringMatching(/exited with 3|ANTHROPIC_API_KEY/) });
    expect(bench.server.requests).toEqual([]);
  });

  test('with the wrong credential is refused without showing it', async () => {
    const bench = await makeBench(name, { ANTHROPIC_API_KEY: 'sk-wrong-credential' });
    const answer = await warm(bench);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'driver_unavailable', retryable: false });
    expect(JSON.stringify(answer)).not.toContain('sk-wrong');
  });

  test('is known by where its credential comes from, never by what it is', async () => {
    const { driver } = await makeBench(name);
    expect(driver.name).toBe(name);
    expect(driver.credential).not.toContain(CREDENTIAL);
    expect(driver.credential).toContain(name);
  });
});

describe.each(DRIVERS.filter((name) => name !== 'anthropic-replay'))('%s, which is a program,', (name) => {
  test('where the conversation took place is gone: a failure, and nothing was sent', async () => {
    const bench = await makeBench(name);
    const answer = await warm(bench, never, { cwd: join(bench.context.cwd, 'gone') });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'driver_unavailable', retryable: false });
    expect(answer).not.toHaveProperty('startedAt');
  });
});
