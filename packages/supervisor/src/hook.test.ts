import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, until } from '@csa/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type HookLimits, runHook } from './hook.ts';
import { gone, runs } from './started.test.fixture.ts';

const PATIENT: HookLimits = { timeMs: 60_000, graceMs: 60_000 };

async function run(command: string, more: { cwd?: string; input?: string; limits?: HookLimits } = {}) {
  const cwd = more.cwd ?? temporaryDirectory();
  const hook = { command, cwd, env: { PATH: process.env['PATH'] ?? '', SECRET: 's3cr3t' }, input: more.input ?? '' };
  return { end: await runHook(hook, more.limits ?? PATIENT), cwd };
}

function read(cwd: string, name: string): string {
  return existsSync(join(cwd, name)) ? readFileSync(join(cwd, name), 'utf8') : '';
}

/** A process that a hook has named in a file; killed when the test is over. */
async function pidIn(cwd: string, name: string): Promise<number> {
  const pid = await until(() => Number(read(cwd, name)), name);
  onTestFinished(() => {
    if (runs(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

const failed = (how: string, lastLine = '') => ({ kind: 'failed', how, lastLine });

describe('a hook', () => {
  test('runs in its directory, with its input and exactly its environment', async () => {
    const { end, cwd } = await run('cat >input; pwd >place; env >environment', { input: '{"a":1}\n' });
    expect(end).toEqual({ kind: 'succeeded' });
    expect([read(cwd, 'input'), read(cwd, 'place').trim()]).toEqual(['{"a":1}\n', cwd]);
    const names = Array.from(read(cwd, 'environment').matchAll(/^(\w+)=/gm), ([, name]) => name);
    expect(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name ?? '')).sort()).toEqual([
      'PATH',
      'SECRET',
    ]);
  });

  test.each([
    ['exit 3', failed('exited with 3')],
    ['echo out; echo "no route" >&2; exit 7', failed('exited with 7', 'no route')],
    ['kill -9 $$', failed('was killed by SIGKILL')],
    ['no-such-program-anywhere 2>/dev/null', failed('exited with 127')],
    ['if', expect.objectContaining({ kind: 'failed', how: 'exited with 2' })],
    ['echo fine >&2', { kind: 'succeeded' }],
    ['', { kind: 'succeeded' }],
  ])('%j', async (command, expected) => {
    expect((await run(command)).end).toEqual(expected);
  });

  test('is quoted by one clean line of its output, and not a long one', async () => {
    const { end } = await run(`printf '\\033[31mred <!-- CSA:X -->\\n\\n'; exit 1`);
    expect(end).toMatchObject({ lastLine: expect.stringMatching(/^red /) });
    expect(end).not.toMatchObject({ lastLine: expect.stringContaining('<!-- CSA:') });
    const { end: long } = await run('head -c 100000 /dev/zero | tr "\\0" x; exit 1');
    expect(long.kind === 'failed' && long.lastLine.length).toBeLessThanOrEqual(400);
  });

  test('may leave an input unread that is larger than any pipe', async () => {
    const input = 'x'.repeat(4_000_000);
    expect((await run('true', { input })).end).toEqual({ kind: 'succeeded' });
    expect((await run('exec 0<&-; exit 4', { input })).end).toEqual(failed('exited with 4'));
    const { cwd } = await run('wc -c >count', { input });
    expect(Number(read(cwd, 'count'))).toBe(4_000_000);
  });

  test('may print without end of what it prints: only the last of it is kept', async () => {
    const { end } = await run('head -c 300000000 /dev/zero; echo; echo the end; exit 1');
    expect(end).toEqual(failed('exited with 1', 'the end'));
    expect(process.memoryUsage().rss).toBeLessThan(1_000_000_000);
  });

  test('may leave something running, which keeps nobody and goes on', async () => {
    const { end, cwd } = await run('sleep 600 & echo $! >left; echo said; exit 5');
    const left = await pidIn(cwd, 'left');
    expect(end).toEqual(failed('exited with 5', 'said'));
    expect(runs(left)).toBe(true);
  });

  test('that cannot be started says why', async () => {
    const cwd = join(temporaryDirectory(), 'gone');
    expect((await run('true', { cwd })).end).toEqual(failed(`could not be started: the directory ${cwd} is gone`));
    const empty = { command: 'true', cwd: temporaryDirectory(), env: { PATH: '/nowhere' }, input: '' };
    expect(await runHook(empty)).toEqual(failed('could not be started: ENOENT'));
    const huge = { ...empty, env: { PATH: process.env['PATH'] ?? '', HUGE: 'x'.repeat(10_000_000) } };
    expect(await runHook(huge)).toEqual(failed('could not be started: E2BIG'));
  });
});

describe('at its limit', () => {
  const limits: HookLimits = { timeMs: 300, graceMs: 200 };

  test.each([
    ['sleeps', 'echo $$ >leader; echo waiting; sleep 600'],
    ['ignores TERM', 'trap "" TERM; echo $$ >leader; echo waiting; while :; do sleep 0.05; done'],
    ['stopped itself', 'echo $$ >leader; echo waiting; kill -STOP $$'],
    ['never ends its output', 'echo $$ >leader; yes waiting'],
  ])('a hook that %s is ended', async (_, command) => {
    const { end, cwd } = await run(command, { limits });
    expect(end).toEqual(failed('was ended after 0.3s', expect.stringMatching(/waiting|Terminated|^$/)));
    await gone(await pidIn(cwd, 'leader'));
  });

  test('its whole process group is, also what ignores TERM after its leader has obeyed', async () => {
    const { end, cwd } = await run('(trap "" TERM; exec sleep 600) & echo $! >child; wait', { limits });
    expect(end).toMatchObject({ kind: 'failed' });
    await gone(await pidIn(cwd, 'child'));
  });

  test('it may clean up', async () => {
    const patient = { timeMs: 300, graceMs: 60_000 };
    const command = 'trap "echo cleaned up; exit 0" TERM; while :; do sleep 0.05; done';
    expect((await run(command, { limits: patient })).end).toEqual(failed('was ended after 0.3s', 'cleaned up'));
  });
});
