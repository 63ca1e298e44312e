import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGENT_MARKS } from '@csa/session';
import { describe, expect, test } from 'vitest';
import { type Bench, callerAsks, makeBench } from './driver-bench.test.fixture.ts';

const never = new AbortController().signal;
const MARKS = Object.fromEntries([...AGENT_MARKS, 'CSA_SESSION_ID', 'CSA_HOOK_SESSION'].map((mark) => [mark, 'own']));

/** The lines of a file that the fake agent has left. */
function seen({ context }: Bench, name: string): string[] {
  return readFileSync(join(context.cwd, name), 'utf8').trimEnd().split('\n');
}

describe('claude-fork', () => {
  test('forks the conversation for one turn that keeps nothing', async () => {
    const bench = await makeBench('claude-fork');
    await bench.driver.warm(bench.context, never);
    const [flag, text, ...rest] = seen(bench, 'arguments');
    expect([flag, ...rest]).toEqual([
      ...['-p', '--resume', 'conversation-1', '--fork-session', '--no-session-persistence'],
      ...['--max-turns', '1', '--permission-mode', 'dontAsk', '--output-format', 'json'],
    ]);
    expect(text).toMatch(/^Reply with the one word ok\. \[[0-9a-f]{16}\]$/);
  });

  test('does not let Claude Code ask again by itself', async () => {
    const bench = await makeBench('claude-fork');
    await bench.driver.warm(bench.context, never);
    expect(seen(bench, 'environment')).toContain('CLAUDE_CODE_MAX_RETRIES=0');
  });

  test('does not take the total that Claude Code names, which is of the whole conversation, for its cost', async () => {
    const bench = await makeBench('claude-fork');
    await callerAsks(bench.server);
    const answer = await bench.driver.warm(bench.context, never);
    expect(answer).toMatchObject({ kind: 'answered', usage: { write: 0 } });
    expect(answer).not.toHaveProperty('cost');
  });
});

test('codex-fork forks the thread for one turn that keeps nothing', async () => {
  const bench = await makeBench('codex-fork');
  await bench.driver.warm(bench.context, never);
  const words = seen(bench, 'arguments');
  expect(words.slice(0, -1)).toEqual([
    ...['exec', 'fork', '--json', '--skip-git-repo-check', '--ephemeral', 'conversation-1'],
  ]);
  expect(words.at(-1)).toMatch(/^Reply with the one word ok\. /);
});

test('codex-fork proves nothing where the thread does not tell what it has used before', async () => {
  const bench = await makeBench('codex-fork', { CODEX_HOME: '/nowhere' });
  await callerAsks(bench.server);
  expect(await bench.driver.warm(bench.context, never)).toMatchObject({ kind: 'answered', usage: null });
});

describe.each(['claude-fork', 'codex-fork'] as const)('%s', (name) => {
  test('says something else each time', async () => {
    const bench = await makeBench(name);
    const words = new Set<string>();
    for (let i = 0; i < 3; i += 1) {
      await bench.driver.warm(bench.context, never);
      words.add(seen(bench, 'arguments').join(' '));
    }
    expect(words.size).toBe(3);
  });

  test('starts as by hand: without the marks of the agent around it, and without warming', async () => {
    const bench = await makeBench(name, { ...MARKS, CODEX_HOME: '/kept' });
    await bench.driver.warm(bench.context, never);
    const lines = seen(bench, 'environment');
    expect(lines).toEqual(expect.arrayContaining(['CSA_WARM=off', 'CODEX_HOME=/kept', `PWD=${bench.context.cwd}`]));
    expect(lines.filter((line) => line.endsWith('=own'))).toEqual([]);
  });

  test('has nothing on its standard input', async () => {
    const bench = await makeBench(name);
    await bench.driver.warm(bench.context, never);
    expect(seen(bench, 'input')).toEqual(['']);
  });

  test.each(['--dangerously', '', 'a b', '../x', 'x'.repeat(129)])('takes no %j for an id', async (caller) => {
    const bench = await makeBench(name);
    const answer = await bench.driver.warm({ ...bench.context, caller }, never);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'driver_unavailable', retryable: false });
    expect(bench.server.requests).toEqual([]);
  });

  test('without the agent there is no driver', async () => {
    const bench = await makeBench(name, { PATH: '/nowhere' });
    const answer = await bench.driver.warm(bench.context, never);
    expect(answer).toEqual({
      kind: 'failed',
      reason: 'driver_unavailable',
      retryable: false,
      error: 'the program could not be started: ENOENT',
    });
  });
});
