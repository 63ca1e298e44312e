import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory, until } from '@csa/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MAX_OUTPUT_BYTES } from './output-tail.ts';
import { type ProgramEnd, runProgram } from './program.ts';

const never = new AbortController().signal;

interface Wish {
  readonly cwd?: string;
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
}

async function run(script: string, wish: Wish = {}): Promise<{ end: ProgramEnd; cwd: string }> {
  const cwd = wish.cwd ?? temporaryDirectory();
  const env = { PATH: process.env['PATH'], OWN: 'seen' };
  const { timeoutMs = 60_000, signal = never } = wish;
  const program = { argv: ['sh', '-c', script], cwd, env, timeoutMs };
  const given = wish.input === undefined ? program : { ...program, input: wish.input };
  return { end: await runProgram(given, signal, wish.graceMs ?? 300), cwd };
}

/** A process that a script has named in a file; killed when the test is over. */
async function pidIn(cwd: string, name: string): Promise<number> {
  const path = join(cwd, name);
  const pid = await until(() => existsSync(path) && Number(readFileSync(path, 'utf8')), name);
  onTestFinished(() => {
    if (runs(pid)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

/** A zombie has ended, whenever its parent looks after it. */
function runs(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
const exited = (code: number, stdout: string) => ({ kind: 'exited', code, stdout });

describe('a program', () => {
  test.each<[string, object]>([
    ['echo out; echo err >&2', exited(0, 'out\n')],
    ['echo some; exit 7', exited(7, 'some\n')],
    ['', exited(0, '')],
    ['echo last; kill -9 $$', { kind: 'killed', by: 'SIGKILL', stdout: 'last\n' }],
    ['printf %s "$OWN"; env | wc -l | tr -d " " >/dev/null', exited(0, 'seen')],
    ['cat', exited(0, '')],
  ])('%j ends as it ends', async (script, end) => {
    expect((await run(script)).end).toEqual(end);
  });

  test('has its directory and its input, which it may leave unread', async () => {
    const { end, cwd } = await run('pwd; cat', { input: 'given' });
    expect(end).toEqual(exited(0, `${cwd}\ngiven`));
    expect((await run('exec 0<&-; exit 4', { input: 'x'.repeat(4_000_000) })).end).toEqual(exited(4, ''));
  });

  test('is quoted by the last of what it prints, however much that is', async () => {
    const { end } = await run('head -c 50000000 /dev/zero | tr "\\0" x; echo; echo the end');
    expect(end).toMatchObject({ kind: 'exited', stdout: expect.stringMatching(/x\nthe end\n$/) });
    expect(end.kind === 'exited' && end.stdout.length).toBe(MAX_OUTPUT_BYTES);
  });

  test('may print byte by byte', async () => {
    const script = 'i=0; while [ $i -lt 2000 ]; do printf x; i=$((i+1)); done';
    expect((await run(script)).end).toEqual(exited(0, 'x'.repeat(2_000)));
  });

  test.each([
    ['holds its output', 'sleep 600 & echo $! >left; echo said'],
    ['holds nothing', 'sleep 600 >/dev/null & echo $! >left; echo said'],
    ['ignores TERM', '(trap "" TERM; exec sleep 600) & echo $! >left; echo said'],
  ])('may leave something running that %s: it is ended', async (_, script) => {
    const { end, cwd } = await run(script);
    expect(end).toEqual(exited(0, 'said\n'));
    expect(runs(await pidIn(cwd, 'left'))).toBe(false);
  });

  test.each([
    ['no such program', ['/no/such/program'], 'ENOENT'],
    ['what is no program', ['/etc/passwd'], 'EACCES'],
    ['a directory', ['/tmp'], 'EACCES'],
    ['nothing at all', [], 'ERR_INVALID_ARG_VALUE'],
    ['an empty name', [''], 'ERR_INVALID_ARG_VALUE'],
    ['a name with a NUL', ['a\0b'], 'ERR_INVALID_ARG_VALUE'],
    ['more than fits', ['true', 'x'.repeat(10_000_000)], 'E2BIG'],
  ])('%s is not started', async (_, argv, code) => {
    const program = { argv, cwd: '/', env: { PATH: process.env['PATH'] }, timeoutMs: 60_000 };
    expect(await runProgram(program, never)).toEqual({ kind: 'not-started', code });
  });
});

describe.each([
  ['at its limit', 'timed-out'],
  ['called off', 'aborted'],
] as const)('%s', (_, kind) => {
  test.each([
    ['sleeps', 'echo $$ >leader; sleep 600'],
    ['ignores TERM', 'trap "" TERM; echo $$ >leader; while :; do sleep 0.05; done'],
    ['stopped itself', 'echo $$ >leader; kill -STOP $$'],
    ['never ends its output', 'echo $$ >leader; yes waiting'],
    ['has a child that ignores TERM', '(trap "" TERM; exec sleep 600) & echo $! >leader; wait'],
  ])('a program that %s is ended, with its whole group', async (_, script) => {
    const cwd = temporaryDirectory();
    const off = new AbortController();
    const limit = kind === 'aborted' ? { signal: off.signal } : { timeoutMs: 300 };
    const running = run(script, { cwd, ...limit });
    const leader = await pidIn(cwd, 'leader');
    off.abort();
    expect((await running).end).toEqual({ kind });
    expect(runs(leader)).toBe(false);
  });
});

test.each([
  ['runs', ''],
  ['was stopped', 'kill -STOP $$; '],
])('a program that %s may clean up when it is called off', async (_, stop) => {
  const cwd = temporaryDirectory();
  const off = new AbortController();
  const script = `trap "touch cleaned; exit 0" TERM; echo $$ >leader; ${stop}while :; do sleep 0.05; done`;
  const running = run(script, { cwd, signal: off.signal, graceMs: 60_000 });
  const leader = await pidIn(cwd, 'leader');
  const isThere = () => stop === '' || readFileSync(`/proc/${leader}/stat`, 'utf8').includes(') T ');
  await until(isThere, 'its stop');
  off.abort();
  expect((await running).end).toEqual({ kind: 'aborted' });
  expect(existsSync(join(cwd, 'cleaned'))).toBe(true);
});

test('a limit beyond what a timer takes is no limit of a millisecond', async () => {
  expect((await run('echo said', { timeoutMs: 2 ** 40 })).end).toEqual(exited(0, 'said\n'));
});
