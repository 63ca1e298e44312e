import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import type { Driver, WarmAnswer, WarmContext } from './driver.ts';
import { makeDriver } from './make-driver.ts';

const never = new AbortController().signal;
const SESSION = '01M00000000000000000000000';
const PRINTS = `echo '{"usage":{"input_tokens":1,"cache_read_input_tokens":9000,"cache_creation_input_tokens":0}}'`;
const ENV = { PATH: process.env['PATH'], CSA_SESSION_ID: 'own', CSA_HOOK_SESSION: 'own', OTHER: 'kept' };

const driverOf = (argv: readonly string[], timeoutMs = 60_000): Driver =>
  makeDriver({ name: 'command', argv, timeoutMs }, ENV);

const shell = (script: string, ...words: string[]) => driverOf(['sh', '-c', script, ...words]);

function contextOf(more: Partial<WarmContext> = {}): WarmContext {
  return { caller: 'c-1', session: SESSION, cwd: temporaryDirectory(), timeoutMs: 60_000, ttlMs: 300_000, ...more };
}

const warm = (driver: Driver, more?: Partial<WarmContext>): Promise<WarmAnswer> => driver.warm(contextOf(more), never);
const failure = (reason: string, retryable: boolean, error: string) => ({ kind: 'failed', reason, retryable, error });

test('the usage that a program prints is the answer', async () => {
  expect(await warm(shell(PRINTS))).toMatchObject({ kind: 'answered', usage: { input: 1, read: 9_000, write: 0 } });
});

test('the ids stand in any of its arguments, whole or within, and nothing is a shell’s', async () => {
  const context = contextOf({ caller: '{session}' });
  const words = ['{caller}', 'a={session};{caller}', '$HOME', '*', '{other}', '$&'];
  const driver = shell(`printf '%s\\n' "$@" >words; ${PRINTS}`, 'sh', ...words);
  expect(await driver.warm(context, never)).toMatchObject({ kind: 'answered' });
  const seen = readFileSync(join(context.cwd, 'words'), 'utf8').trimEnd().split('\n');
  expect(seen).toEqual(['{session}', `a=${SESSION};{session}`, '$HOME', '*', '{other}', '$&']);
});

test('it reads what it is to do as one line of JSON, in the directory of the conversation', async () => {
  const context = contextOf({ timeoutMs: 5_000 });
  await shell(`cat >request; ${PRINTS}`).warm(context, never);
  const request = readFileSync(join(context.cwd, 'request'), 'utf8');
  expect(JSON.parse(request)).toEqual({
    schema: 'csa.warm-request/1',
    caller: 'c-1',
    session: SESSION,
    cwd: context.cwd,
    ttl_ms: 300_000,
    timeout_ms: 5_000,
  });
  expect(request.trimEnd()).not.toContain('\n');
});

test('it has its starter’s environment without the cookies of sessions, and may not warm itself', async () => {
  const context = contextOf();
  await shell(`env >environment; ${PRINTS}`).warm(context, never);
  const lines = readFileSync(join(context.cwd, 'environment'), 'utf8').split('\n');
  expect(lines).toEqual(expect.arrayContaining(['OTHER=kept', 'CSA_WARM=off', 'CSA_WARM_REQUEST=1']));
  expect(lines.filter((line) => line.includes('own'))).toEqual([]);
});

test('what a program says of its cost goes before any table', async () => {
  const script = `echo '{"cost_usd":0.0125,"usage":{"input_tokens":1,"cache_read_input_tokens":9}}'`;
  expect(await warm(shell(script))).toMatchObject({ kind: 'answered', cost: 12_500_000 });
});

test('JSON without counts proves nothing, and is an answer', async () => {
  expect(await warm(shell(`echo '{"result":"ok"}'`))).toMatchObject({ kind: 'answered', usage: null });
});

describe('a failure is', () => {
  test.each([
    ['exit 3', failure('probe_failed', true, 'the program exited with 3')],
    [`${PRINTS}; exit 3`, failure('probe_failed', true, 'the program exited with 3')],
    ['true', failure('probe_failed', true, 'the program printed nothing')],
    ['echo done', failure('probe_failed', true, 'the program printed no JSON object')],
    ['kill -9 $$', failure('probe_failed', true, 'the program was killed by SIGKILL')],
    [`echo '{"error":"no_luck"}'`, failure('probe_failed', true, 'the program reported an error (no_luck)')],
    [`echo '{"error":"it has no luck"}'`, failure('probe_failed', true, 'the program reported an error')],
    [
      `echo '{"error":"no_luck","retryable":false}'`,
      failure('probe_failed', false, 'the program reported an error (no_luck)'),
    ],
    [
      `echo '{"error":"busy","retry_after_ms":1500}'; exit 1`,
      { ...failure('backoff', true, 'the program reported an error (busy)'), retryAfterMs: 1_500 },
    ],
    [
      `echo '{"error":{"type":"rate_limit_error","message":"secret"},"retry_after_ms":7}'`,
      { ...failure('backoff', true, 'the provider answered 429 (rate_limit_error)'), retryAfterMs: 7 },
    ],
    [
      `echo '{"type":"result","is_error":true,"api_error_status":401}'; exit 1`,
      failure('driver_unavailable', false, 'the provider answered 401'),
    ],
  ])('%s', async (script, expected) => {
    expect(await warm(shell(script))).toEqual({ ...expected, startedAt: expect.any(Number) });
  });

  test.each([
    [['/no/such/program'], failure('driver_unavailable', false, 'the program could not be started: ENOENT')],
    [['/etc/passwd'], failure('driver_unavailable', false, 'the program could not be started: EACCES')],
    [[], failure('driver_unavailable', false, 'the program could not be started: ERR_INVALID_ARG_VALUE')],
  ])('a program that is none, of which nothing was sent: %j', async (argv, expected) => {
    expect(await warm(driverOf(argv))).toEqual(expected);
  });

  test('what takes longer than it may, by the shorter one of two limits', async () => {
    const expected = failure('probe_failed', true, 'the program was ended at its time limit');
    expect(await driverOf(['sleep', '600'], 200).warm(contextOf(), never)).toMatchObject(expected);
    expect(await warm(driverOf(['sleep', '600']), { timeoutMs: 200 })).toMatchObject(expected);
  });
});

test('that its one turn is over is no failure of Claude Code’s where it says what it read', async () => {
  const result = { type: 'result', subtype: 'error_max_turns', is_error: true, usage: { cache_read_input_tokens: 9 } };
  const answer = await warm(shell(`echo '${JSON.stringify(result)}'; exit 1`));
  expect(answer).toMatchObject({ kind: 'answered', usage: { read: 9 } });
});

test('two commands of other arguments are apart, and no argument is shown', () => {
  const [one, same, other] = [driverOf(['sh', 'secret-1']), driverOf(['sh', 'secret-1']), driverOf(['sh', 'secret-2'])];
  expect(one.credential).toBe(same.credential);
  expect(one.credential).not.toBe(other.credential);
  expect(one.credential).not.toContain('secret');
});
