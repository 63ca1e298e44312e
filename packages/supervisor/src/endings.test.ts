import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCompletion, readState } from '@csa/session';
import { temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StartRequest } from './index.ts';
import { printed, read, resultOf, startIn, startShell, supervisorGone } from './started.test.fixture.ts';

type Argv = StartRequest['argv'];

function file(world: World, name: string, text: string, mode: number): Argv {
  const path = join(world.project, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return [path];
}

const ENDINGS: readonly (readonly [name: string, argv: (world: World) => Argv, expected: object])[] = [
  ['ends well', () => ['sh', '-c', 'echo fine'], { status: 'success', exitCode: 0, summary: 'fine', tool: 'sh' }],
  ['fails', () => ['sh', '-c', 'exit 3'], { status: 'failure', exitCode: 3 }],
  ['ends with 124', () => ['sh', '-c', 'exit 124'], { status: 'failure', exitCode: 124 }],
  ['ends with 125', () => ['sh', '-c', 'exit 125'], { status: 'failure', exitCode: 125 }],
  ['ends with 255', () => ['sh', '-c', 'exit 255'], { status: 'failure', exitCode: 255 }],
  [
    'is killed',
    () => ['sh', '-c', 'echo hello; kill -KILL $$'],
    { status: 'signal', exitCode: 137, reason: 'killed-by-signal', summary: 'killed by SIGKILL; last output: hello' },
  ],
  ['gets TERM', () => ['sh', '-c', 'kill -TERM $$'], { status: 'signal', exitCode: 143, reason: 'killed-by-signal' }],
  [
    'is not there',
    () => ['no-such-command'],
    { status: 'failure', exitCode: 127, reason: 'not-found', tool: 'no-such-command' },
  ],
  ['is no path', () => ['./no/such'], { status: 'failure', exitCode: 127, reason: 'not-found' }],
  [
    'is not executable',
    (w) => file(w, 'plain', 'text', 0o644),
    { status: 'failure', exitCode: 126, reason: 'not-executable' },
  ],
  [
    'is a directory',
    (w) => {
      mkdirSync(join(w.project, 'folder'));
      return ['./folder'];
    },
    { status: 'failure', exitCode: 126, reason: 'not-executable' },
  ],
  [
    'names a missing interpreter',
    (w) => file(w, 'script', '#!/no/such/interpreter\n', 0o755),
    { status: 'failure', exitCode: 127, reason: 'interpreter-not-found' },
  ],
];

test.each(ENDINGS)('a command that %s leaves a whole record that says so', async (_, argv, expected) => {
  const world = temporaryWorld();
  const started = await startIn(world, argv(world));
  const result = await resultOf(started);
  await supervisorGone(started);
  expect(result).toMatchObject(expected);
  expect(Date.parse(result.completedAt)).toBeGreaterThanOrEqual(Date.parse(result.startedAt));
  const { exitCode, status } = result;
  expect(readCompletion(started.session)).toMatchObject({ kind: 'present', value: { exitCode, status } });
  expect(readState(started.session)).toMatchObject({ kind: 'present', value: { phase: 'retired' } });
});

test.each([
  ['longer than the kernel takes', 'x'.repeat(3_000_000), { status: 'failure', exitCode: 126, reason: 'not-started' }],
  ['that no system call can carry', 'x\0y', { status: 'failure' }],
])('a command with an argument %s could not start, and leaves a record', async (_, argument, expected) => {
  const started = await startIn(temporaryWorld(), ['echo', argument]);
  expect(await resultOf(started)).toMatchObject(expected);
  await supervisorGone(started);
});

test('a command whose directory is gone could not start, and the record names the directory', async () => {
  const world = temporaryWorld();
  const project = join(world.project, 'gone');
  const result = await resultOf(await startIn(world, ['true'], { project }));
  expect(result).toMatchObject({ status: 'failure', exitCode: 127, reason: 'cwd-not-found' });
  expect(result.summary).toContain(project);
});

test('a command runs in its project, with its environment, in a group and session of its own', async () => {
  const world = temporaryWorld();
  const script = 'pwd; echo "$GREETING $CSA_SESSION_ID $CSA_SESSION_DIR"; cut -d" " -f1,5,6 /proc/$$/stat';
  const started = await startShell(world, script, { addedEnv: { GREETING: 'hello' } });
  await resultOf(started);
  const { id, directory } = started.session;
  const [where, words, ids = ''] = read(started.session, 'stdout.log').split('\n');
  expect([where, words]).toEqual([world.project, `hello ${id} ${directory}`]);
  expect(new Set(ids.split(' ')).size).toBe(1);
});

const report = (text: string): string => `printf '${text.replaceAll('\n', '\\n')}' > "$CSA_RESULT_FILE"`;
const GOOD = 'status = "success"\nexit_code = 0\nsummary = "the work is done"\n';
const BAD = 'status = "failure"\nexit_code = 9\nsummary = "two tests failed"\n';

describe("the command's own report", () => {
  test.each([
    ['raises a failure', `${report(GOOD)}; exit 4`, { status: 'success', exitCode: 0, processExitCode: 4 }],
    [
      'lowers a success',
      report(BAD),
      { status: 'failure', exitCode: 9, processExitCode: 0, summary: 'two tests failed' },
    ],
    ['says the same', report(GOOD), { status: 'success', exitCode: 0, summary: 'the work is done' }],
    [
      'does not help a command that was killed after it',
      `${report(GOOD)}; kill -9 $$`,
      { status: 'signal', exitCode: 137 },
    ],
  ])('%s', async (_, script, expected) => {
    expect(await resultOf(await startShell(temporaryWorld(), script))).toMatchObject(expected);
  });

  test.each([
    ['no TOML', report('status = ')],
    ['without a status', report('exit_code = 0\n')],
    ['a status that is not final', report('status = "tier_failover_superseded"\nexit_code = 0\n')],
    ['a FIFO', 'mkfifo "$CSA_RESULT_FILE"'],
    ['a symbolic link', 'ln -s /etc/passwd "$CSA_RESULT_FILE"'],
    ['endless', 'rm -rf "$CSA_RESULT_FILE"; head -c 2000000 /dev/zero > "$CSA_RESULT_FILE"'],
  ])('that is %s is no report: a warning, and the outcome is that of the process', async (_, script) => {
    const result = await resultOf(await startShell(temporaryWorld(), `${script}; exit 3`));
    expect(result).toMatchObject({ status: 'failure', exitCode: 3 });
    expect(result.warnings?.join()).toMatch(/output\/result.toml.*could not be read/);
  });
});

describe('what goes wrong with the record', () => {
  test("another's result that is there first wins, and a note says so", async () => {
    const theirs = 'status = "failure"\nexit_code = 5\nsummary = "theirs"\ntool = "x"\n';
    const times = 'started_at = "2026-08-20T09:15:03Z"\ncompleted_at = "2026-08-20T09:15:03Z"\n';
    const script = `printf '${`${theirs}${times}`.replaceAll('\n', '\\n')}' > "$CSA_SESSION_DIR/result.toml"`;
    const started = await startShell(temporaryWorld(), script);
    await supervisorGone(started);
    expect(await resultOf(started)).toMatchObject({ status: 'failure', exitCode: 5, summary: 'theirs' });
    expect(read(started.session, '.result.reserved')).toContain('status = "success"');
    expect(read(started.session, 'supervisor.log')).toContain('another result.toml was there first');
  });

  test.each([
    ['replaced by a directory', 'rm state.toml; mkdir state.toml'],
    ['removed', 'rm state.toml'],
    ['no TOML any more', 'echo = > state.toml'],
  ])('a state.toml that is %s changes no outcome, and a note says so', async (_, script) => {
    const started = await startShell(temporaryWorld(), `cd "$CSA_SESSION_DIR"; ${script}; exit 6`);
    await supervisorGone(started);
    expect(await resultOf(started)).toMatchObject({ status: 'failure', exitCode: 6 });
    expect(readCompletion(started.session)).toMatchObject({ kind: 'present', value: { exitCode: 6 } });
    expect(read(started.session, 'supervisor.log')).toMatch(/state\.toml was not retired/);
  });

  test('a completion that cannot be written changes no outcome', async () => {
    const script = 'mkdir "$CSA_SESSION_DIR/daemon-completion.toml"; exit 6';
    const started = await startShell(temporaryWorld(), script);
    await supervisorGone(started);
    expect(await resultOf(started)).toMatchObject({ status: 'failure', exitCode: 6 });
    expect(read(started.session, 'supervisor.log')).toMatch(/daemon-completion\.toml was not written/);
  });

  test.each(['mkfifo supervisor.log', 'ln -s "$OLDPWD/precious" supervisor.log'])(
    'a planted supervisor.log (%s) neither holds the supervisor up nor leads its notes elsewhere',
    async (plant) => {
      const world = temporaryWorld();
      writeFileSync(join(world.project, 'precious'), 'mine');
      const started = await startShell(world, `cd "$CSA_SESSION_DIR"; rm state.toml; ${plant}`);
      await supervisorGone(started);
      expect(await resultOf(started)).toMatchObject({ status: 'success', exitCode: 0 });
      expect(read({ ...started.session, directory: world.project }, 'precious')).toBe('mine');
    },
  );
});

test('a command that is killed and leaves processes has them named in its record', async () => {
  const started = await startShell(temporaryWorld(), 'sleep 600 & echo $!; kill -KILL $$');
  const [, left] = await printed(started, /(\d+)\n/);
  onTestFinished(() => void process.kill(Number(left), 'SIGKILL'));
  const result = await resultOf(started);
  expect(result).toMatchObject({ status: 'signal', exitCode: 137 });
  expect(result.warnings).toEqual([`still running after the end: ${left}`]);
});
