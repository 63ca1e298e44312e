import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { type Answer, attributes, waitFor } from './answer.ts';
import { startJob } from './job.ts';

/** Run a command as a session and wait for its end. */
async function outcomeOf(command: readonly string[], world: World = temporaryWorld()): Promise<Answer> {
  return waitFor([await startJob(command, { world }), '--cap', '30s'], { world });
}

function script(text: string): readonly string[] {
  return ['sh', '-c', text];
}

/** A script that leaves its own report, then goes on. */
function reporting(report: string, then: string): readonly string[] {
  return script(`printf '%s\\n' '${report}' > "$CSA_RESULT_FILE"; ${then}`);
}

describe('a code of the command', () => {
  it.each([
    [0, 0, undefined],
    [3, 3, undefined],
    [123, 123, undefined],
    [124, 1, '124'],
    [125, 1, '125'],
    [126, 126, undefined],
    [255, 255, undefined],
  ])('%i is answered with exit code %i', async (own, exit, sessionExit) => {
    const { code, status, result } = await outcomeOf(script(`exit ${own}`));
    expect(code).toBe(exit);
    expect(attributes(status, 'status', 'exit', 'session_exit')).toEqual({
      status: own === 0 ? 'success' : 'failure',
      exit: String(exit),
      session_exit: sessionExit,
    });
    expect(attributes(result, 'session_exit', 'signal')).toEqual({ session_exit: String(own), signal: undefined });
  });
});

describe('a signal to the command', () => {
  it.each([
    ['KILL', 137],
    ['TERM', 143],
    ['SEGV', 139],
  ])('%s is answered with %i and the name of the signal', async (signal, exit) => {
    const { code, status, result } = await outcomeOf(script(`kill -${signal} $$`));
    expect(code).toBe(exit);
    const expected = { status: 'signal', signal: `SIG${signal}` };
    expect(attributes(status, 'status', 'signal')).toEqual(expected);
    expect(attributes(result, 'status', 'signal')).toEqual(expected);
  });
});

describe("the command's own report", () => {
  it('lowers a good end', async () => {
    const report = 'status = "failure"\nexit_code = 4\nsummary = "two tests failed"';
    const { code, status, result } = await outcomeOf(reporting(report, 'exit 0'));
    expect(code).toBe(4);
    expect(attributes(status, 'status', 'exit', 'process_exit')).toEqual({
      status: 'failure',
      exit: '4',
      process_exit: undefined,
    });
    expect(attributes(result, 'session_exit', 'summary')).toEqual({ session_exit: '4', summary: 'two tests failed' });
  });

  it('raises a bad end, and the code of the process stays visible', async () => {
    const report = 'status = "success"\nexit_code = 0\nsummary = "done, clean-up failed"';
    const { code, status } = await outcomeOf(reporting(report, 'exit 9'));
    expect(code).toBe(0);
    expect(attributes(status, 'status', 'process_exit')).toEqual({ status: 'success', process_exit: '9' });
  });

  it('of an early success does not outlive a kill', async () => {
    const { code, status } = await outcomeOf(reporting('status = "success"\nexit_code = 0', 'kill -9 $$'));
    expect(code).toBe(137);
    expect(attributes(status, 'status', 'signal')).toEqual({ status: 'signal', signal: 'SIGKILL' });
  });

  it.each([
    ['a failure with code 0', 'status = "failure"\nexit_code = 0', '0'],
    ['a failure with a negative code', 'status = "failure"\nexit_code = -1', '-1'],
    ['a failure with code 256', 'status = "failure"\nexit_code = 256', '256'],
    ['a success with code 5', 'status = "success"\nexit_code = 5', undefined],
    ['an unknown status with code 0', 'status = "splendid"\nexit_code = 0', '0'],
  ])('never turns %s into a success', async (_title, report, sessionExit) => {
    const { code, status } = await outcomeOf(reporting(report, 'exit 0'));
    expect(code).toBe(sessionExit === undefined ? 5 : 1);
    expect(attributes(status, 'exit', 'session_exit')).toEqual({ exit: String(code), session_exit: sessionExit });
  });

  it('that cannot be read leaves the word to the process', async () => {
    const { code, status } = await outcomeOf(reporting('status = "succ', 'exit 7'));
    expect(code).toBe(7);
    expect(attributes(status, 'status')).toEqual({ status: 'failure' });
  });
});

describe('a command that cannot be started', () => {
  it('is a session with code 127 when it is not found', async () => {
    const { code, status, result } = await outcomeOf(['no-such-command-anywhere']);
    expect(code).toBe(127);
    expect(attributes(status, 'status', 'reason')).toEqual({ status: 'failure', reason: 'not-found' });
    expect(attributes(result, 'summary')['summary']).toContain('no-such-command-anywhere');
  });

  it.each([
    ['a file that is not executable', (path: string) => writeFileSync(path, '#!/bin/sh\n', { mode: 0o644 })],
    ['a directory', (path: string) => void mkdirSync(path)],
  ])('is a session with code 126 when it is %s', async (_title, make) => {
    const world = temporaryWorld();
    make(join(world.project, 'tool'));
    const { code, status } = await outcomeOf(['./tool'], world);
    expect(code).toBe(126);
    expect(attributes(status, 'status', 'reason')).toEqual({ status: 'failure', reason: 'not-executable' });
  });

  it('is a session with code 127 when its interpreter is missing', async () => {
    const world = temporaryWorld();
    writeFileSync(join(world.project, 'tool'), '#!/no/such/interpreter\n', { mode: 0o755 });
    expect((await outcomeOf(['./tool'], world)).code).toBe(127);
  });
});

it('ends a command at its time limit and says so', async () => {
  const world = temporaryWorld();
  const id = await startJob(['sleep', '600'], { world }, ['--max-time', '200ms']);
  const { code, status } = await waitFor([id, '--cap', '30s'], { world });
  expect(code).toBe(143);
  expect(attributes(status, 'status', 'signal')).toEqual({ status: 'timeout', signal: 'SIGTERM' });
});
