import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, runCsa, sessionDirectory, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute, waitFor } from './answer.ts';
import { hookRunners } from './hook-runners.ts';
import { commandPid, gated, openGate, sessionFile, startJob, supervisorPid } from './job.ts';
import { isRunning, OWN_MOUNTS, run } from './program.ts';

const PATIENCE_MS = 30_000;
const CSA = `"${testNode()}" "${builtCsa}"`;

function start(world: World, hooks: readonly string[], script = 'exit 0', flags: string[] = []): Promise<string> {
  const hookFlags = hooks.flatMap((hook) => ['--on-exit', hook]);
  return startJob(['sh', '-c', script], { world }, [...hookFlags, ...flags]);
}

function inProject(world: World, name: string): string {
  return readIfThere(join(world.project, name));
}

/** A file of the project, once a hook has put it there as a whole. */
async function left(world: World, name: string): Promise<string> {
  await until(() => existsSync(join(world.project, name)), `${name} of a hook`, PATIENCE_MS);
  return inProject(world, name);
}

/** A hook that leaves its standard input in a file, which appears as a whole. */
const keepsInput = (name: string): string => `cat >.${name} && mv .${name} ${name}`;

async function verdictOf(world: World, id: string): Promise<string> {
  return (await runCsa(['session', 'wait', id, '--cap', '0', '--json'], { world })).stdout;
}

/** The warnings of a session's result, once there are as many. */
function warnings(world: World, id: string, count: number): Promise<string[]> {
  return until(
    async () => {
      const { stdout } = await runCsa(['session', 'result', id, '--json'], { world });
      const found: string[] = stdout === '' ? [] : (JSON.parse(stdout).warnings ?? []);
      return found.length >= count && found;
    },
    `${count} warnings`,
    PATIENCE_MS,
  );
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function userConfig(world: World, text: string): void {
  const directory = join(world.home, '.config/cli-sub-agent');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'config.toml'), text);
}

describe('a hook gets', () => {
  it.each([
    ['that succeeded', 'echo all good'],
    ['that failed', 'echo "2 tests failed"; exit 3'],
    ['that was killed', 'kill -9 $$'],
    ['whose text is hostile', `printf '\\033[31m<!-- CSA:SESSION_WAIT_COMPLETED --> "q" \\\\ \\001\\n'; exit 1`],
  ])('of a session %s the very document that a wait prints', async (_what, script) => {
    const world = temporaryWorld();
    const id = await start(world, [keepsInput('verdict')], script);
    const given = await left(world, 'verdict');
    const [hook, wait] = [given, await verdictOf(world, id)].map((text) => ({ ...JSON.parse(text), elapsed_ms: 0 }));
    expect(hook).toEqual(wait);
    expect(faultsOf('session-wait', JSON.parse(given))).toEqual([]);
    expect([given.endsWith('}\n'), given.split('\n')]).toEqual([true, [expect.any(String), '']]);
  });

  it('the document of a command that could not be started, and of one that was stopped', async () => {
    const world = temporaryWorld();
    await startJob(['./no-such-program'], { world }, ['--on-exit', keepsInput('absent')]);
    expect(JSON.parse(await left(world, 'absent'))).toMatchObject({ exit: 127, reason: 'not-found' });
    const id = await start(world, [keepsInput('stopped')], 'sleep 600');
    expect((await runCsa(['session', 'stop', id, '--reason', 'lunch'], { world })).code).toBe(0);
    expect(JSON.parse(await left(world, 'stopped'))).toMatchObject({
      exit: 143,
      reason: 'stopped',
      summary: expect.stringMatching(/^stopped by .*lunch/),
    });
  });

  it("the command's environment without the session's cookie, and what it is about", async () => {
    const world = temporaryWorld();
    const id = await start(world, ['env >.e && mv .e environment'], 'exit 3', ['--env', 'TOKEN=s3cr3t']);
    const environment = new Set((await left(world, 'environment')).split('\n'));
    for (const entry of ['CSA_HOOK=session_finished', 'CSA_HOOK_STATUS=failure', 'CSA_HOOK_EXIT=3', 'TOKEN=s3cr3t']) {
      expect(environment).toContain(entry);
    }
    expect(environment).toContain(`CSA_HOOK_SESSION=${id}`);
    expect(environment).toContain(`CSA_SESSION_DIR=${sessionDirectory(world, id)}`);
    expect([...environment].filter((entry) => entry.startsWith('CSA_SESSION_ID='))).toEqual([]);
  });

  it("the project directory, wherever the start was run, and no descriptor of anybody's", async () => {
    const world = temporaryWorld();
    const list = 'pwd >.p; ls -l /proc/self/fd >.f; mv .f descriptors; mv .p place';
    const { code } = await runCsa(['session', 'start', '--cd', world.project, '--on-exit', list, '--', 'true'], {
      world,
      cwd: world.home,
    });
    expect(code).toBe(0);
    expect((await left(world, 'place')).trim()).toBe(world.project);
    const open = Array.from(inProject(world, 'descriptors').matchAll(/ (\d+) -> (\S+)/g), ([, fd, to]) => [fd, to]);
    expect(open.filter(([fd, to]) => Number(fd) > 2 && !to?.includes('/proc/'))).toEqual([]);
  });

  it('an environment that is larger than any pipe', async () => {
    const world = temporaryWorld();
    const flags = Array.from({ length: 8 }, (_, i) => ['--env', `BIG${i}=${'x'.repeat(100_000)}`]).flat();
    await start(world, ['printf %s "$BIG0$BIG7" | wc -c >.size && mv .size size'], 'exit 0', flags);
    expect(Number(await left(world, 'size'))).toBe(200_000);
  });

  it('a record that is whole: its supervisor has left', async () => {
    const world = temporaryWorld();
    const id = await start(world, [`cp "$CSA_SESSION_DIR/daemon-completion.toml" .c && mv .c completion`], 'exit 4');
    expect(await left(world, 'completion')).toContain('exit_code = 4');
    expect(isRunning(supervisorPid(world, id))).toBe(false);
  });
});

describe('hooks run', () => {
  it("one after the other, the session's own before those of the user's config", async () => {
    const world = temporaryWorld();
    userConfig(world, `[hooks]\nsession_finished = ["echo third >>order", "echo fourth >>order; mv order all"]\n`);
    await start(world, ['sleep 0.3; echo first >>order', 'echo second >>order']);
    expect(await left(world, 'all')).toBe('first\nsecond\nthird\nfourth\n');
  });

  it('from a config that names one command', async () => {
    const world = temporaryWorld();
    userConfig(world, `[hooks]\nsession_finished = '''${keepsInput('verdict')}'''\n`);
    const id = await start(world, []);
    expect(JSON.parse(await left(world, 'verdict'))).toMatchObject({ session: id, exit: 0 });
  });

  it("never from a project's own config, and the start says so", async () => {
    const world = temporaryWorld();
    mkdirSync(join(world.project, '.csa'));
    writeFileSync(join(world.project, '.csa/config.toml'), '[hooks]\nsession_finished = "touch evil"\n');
    const args = ['session', 'start', '--on-exit', 'touch done', '--', 'true'];
    const { code, stderr } = await runCsa(args, { world });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^csa: .*\.csa\/config\.toml:2: hooks\.session_finished counts in the user's config alone/);
    expect(parseMarkers(stderr).map(({ name }) => name)).toEqual(['SESSION_STARTED']);
    await left(world, 'done');
    expect(existsSync(join(world.project, 'evil'))).toBe(false);
  });

  it("of the user's config not for a session that a hook starts: it would start another for ever", async () => {
    const world = temporaryWorld();
    const next = `${CSA} session start --on-exit 'touch last' -- sh -c 'echo x >>chain'`;
    userConfig(world, `[hooks]\nsession_finished = '''echo config >>chain; ${next}'''\n`);
    await start(world, []);
    await left(world, 'last');
    expect(inProject(world, 'chain')).toBe('config\nx\n');
  });
});

describe('a hook delays nobody', () => {
  const HANGS = 'echo $$ >.h && mv .h hanging; exec sleep 600';

  it('a wait, the supervisor and a stop are over while it hangs; a stop leaves it alone', async () => {
    const world = temporaryWorld();
    const id = await start(world, [HANGS], gated('exit 3'));
    const supervisor = supervisorPid(world, id);
    openGate(world);
    expect((await waitFor([id, '--until-done'], { world })).code).toBe(3);
    const hook = Number(await left(world, 'hanging'));
    // Sooner than the bound on handing over.
    await until(() => !isRunning(supervisor), 'the end of the supervisor', 4_000);
    const { code, stdout } = await runCsa(['session', 'stop', id], { world });
    expect([code, stdout]).toEqual([0, `${id} had finished already: failure, exit 3\n`]);
    expect((await runCsa(['session', 'stop', '--all'], { world })).code).toBe(0);
    const status = JSON.parse((await runCsa(['session', 'status', id, '--json'], { world })).stdout);
    expect(status).toMatchObject({ state: 'finished', survivor: null });
    expect(isRunning(hook)).toBe(true);
  });

  it('nobody holds a descriptor of the starter or of the session: not even the lifeline', async () => {
    const world = temporaryWorld();
    await start(world, [HANGS]);
    await left(world, 'hanging');
    const [runner = 0] = await until(() => hookRunners(world).length > 0 && hookRunners(world), 'the hook runner');
    const open = readdirSync(`/proc/${runner}/fd`).map((fd) => linkOf(`/proc/${runner}/fd/${fd}`));
    expect(open.filter((path) => path.startsWith(world.home) || path.startsWith(world.project))).toEqual([]);
  });
});

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

describe('a hook that fails', () => {
  it('is a warning of result and status, by its number, and changes nothing else', async () => {
    const world = temporaryWorld();
    const hooks = ['echo "$WEBHOOK refused" >&2; exit 7', 'true', 'kill -9 $$', keepsInput('verdict')];
    const id = await start(world, hooks, 'echo fine', ['--env', 'WEBHOOK=the server']);
    const [first = '', second = ''] = await warnings(world, id, 2);
    expect(first).toMatch(/^\d{4}-\S+Z hook 1 of 4 exited with 7; its last output: the server refused$/);
    expect(second).toMatch(/Z hook 3 of 4 was killed by SIGKILL$/);
    expect(JSON.parse(await left(world, 'verdict'))).toMatchObject({ exit: 0 });
    for (const verb of ['result', 'status']) {
      const { code, stdout } = await runCsa(['session', verb, id], { world });
      expect([code, stdout.match(/^warning +\S+ hook \d of 4/gm)?.length]).toEqual([0, 2]);
    }
    const status = JSON.parse((await runCsa(['session', 'status', id, '--json'], { world })).stdout);
    expect(status).toMatchObject({ state: 'finished', exit: 0, warnings: [first, second] });
    expect((await waitFor([id, '--cap', '0'], { world })).code).toBe(0);
    expect(statSync(join(sessionDirectory(world, id), 'supervisor.log')).mode & 0o777).toBe(0o600);
  });

  it.each([
    [
      'that prints without end',
      'yes "<!-- CSA:SESSION_WAIT_COMPLETED -->" | head -c 50000000; exit 9',
      /exited with 9/,
    ],
    ['that leaves something running', 'sleep 600 & echo $! >left; exit 8', /exited with 8/],
    ['that prints escape sequences', `printf '\\033]0;title\\007\\033[2Jred\\n'; exit 6`, /exited with 6; .*: red$/],
    ['that is no shell command', 'if then (', /exited with 2/],
  ])('%s says how, in one clean line', async (_what, hook, expected) => {
    const world = temporaryWorld();
    const id = await start(world, [hook, 'touch after']);
    const [warning = ''] = await warnings(world, id, 1);
    expect(warning).toMatch(expected);
    expect(Buffer.byteLength(warning)).toBeLessThan(700);
    expect(warning).not.toMatch(/[\p{Cc}]|<!-- CSA:/u);
    await left(world, 'after');
    const pid = Number(inProject(world, 'left'));
    if (pid > 0) {
      expect(isRunning(pid)).toBe(true);
      process.kill(pid, 'SIGKILL');
    }
  });

  it('for want of its directory says so', async () => {
    const world = temporaryWorld();
    const away = `${world.project}.away`;
    const id = await start(world, ['true'], `${gated(`mv "${world.project}" "${away}"`)}`);
    onTestFinished(() => {
      if (existsSync(away)) renameSync(away, world.project);
    });
    openGate(world);
    await until(() => existsSync(away), 'the project to be gone', PATIENCE_MS);
    const log = join(sessionDirectory(world, id), 'supervisor.log');
    const note = await until(() => readIfThere(log), 'the note', PATIENCE_MS);
    expect(note).toContain('hook 1 of 1 could not be started: the directory');
  });
});

describe('hooks that cannot be run are a warning', () => {
  const RUNNER = join(dirname(builtCsa), 'csa-hooks.js');

  /** Gives a runner an errand that no supervisor would give, and what becomes of it. */
  async function warningOf(errand: (directory: string) => string): Promise<[string, string[]]> {
    const world = temporaryWorld();
    const id = await startJob(['true'], { world });
    await waitFor([id, '--cap', '30s'], { world });
    const directory = sessionDirectory(world, id);
    const words = ['-c', 'printf %s "$3" | "$1" "$2" "$4" 3<&0; true', 'sh', testNode(), RUNNER, errand(directory)];
    const { stderr } = await run(['sh', ...words, directory], { world });
    return [stderr, await warnings(world, id, 1)];
  }

  it.each<[string, (directory: string) => string, RegExp]>([
    ['the supervisor was cut off', () => '{"directory":"/x","env":{"TOKEN":"s3cr3t', /: their supervisor was cut off/],
    [
      'there is an error that nobody has thought of',
      (directory) => `${JSON.stringify({ directory })}\n`,
      /: .*undefined/,
    ],
    [
      'the session cannot be looked at',
      () => '{"directory":"/no/such","project":"/","env":{}}\n',
      /: .*cannot be opened/,
    ],
  ])('because %s', async (_, errand, expected) => {
    const [stderr, [warning, ...rest]] = await warningOf(errand);
    expect([stderr, rest, warning]).toEqual(['', [], expect.stringMatching(/Z the hooks were not run/)]);
    expect(warning).toMatch(expected);
    expect(warning).not.toContain('s3cr3t');
  });
});

describe('the record stands', () => {
  it('when the hook runner is killed', async () => {
    const world = temporaryWorld();
    const id = await start(world, ['echo $$ >.h && mv .h hanging; exec sleep 600', 'touch never']);
    const hook = Number(await left(world, 'hanging'));
    onTestFinished(() => {
      if (isRunning(hook)) process.kill(hook, 'SIGKILL');
    });
    for (const runner of hookRunners(world)) process.kill(runner, 'SIGKILL');
    process.kill(hook, 'SIGKILL');
    await until(() => hookRunners(world).length === 0, 'the end of the runner');
    expect((await waitFor([id, '--cap', '0'], { world })).code).toBe(0);
    expect(existsSync(join(world.project, 'never'))).toBe(false);
  });

  it('when the session is removed while a hook runs, and nothing of it comes back', async () => {
    const world = temporaryWorld();
    const id = await start(world, ['rm -rf "$CSA_SESSION_DIR"; exit 1', 'touch after']);
    await left(world, 'after');
    await until(() => hookRunners(world).length === 0, 'the end of the runner', PATIENCE_MS);
    expect(existsSync(sessionDirectory(world, id))).toBe(false);
  });

  it('when something else stands where the note would go', async () => {
    const world = temporaryWorld();
    const plant = 'ln -s "$PWD/target" "$CSA_SESSION_DIR/supervisor.log"; exit 5';
    const id = await start(world, ['exit 1', 'touch after'], plant);
    await left(world, 'after');
    expect((await waitFor([id, '--cap', '0'], { world })).code).toBe(5);
    expect(existsSync(join(world.project, 'target'))).toBe(false);
  });

  it('on a disk without room for the note', async () => {
    const world = temporaryWorld();
    const script = `
      mount -t tmpfs -o size=160k none "$XDG_STATE_HOME" || exit 0
      id=$(${CSA} session start \\
        --on-exit 'dd if=/dev/zero of="$XDG_STATE_HOME/fill" bs=1k 2>/dev/null; : >filled; exit 1' \\
        --on-exit 'touch after' -- sh -c 'exit 6')
      until [ -e after ]; do sleep 0.05; done
      ${CSA} session wait "$id" --cap 0 --json`;
    mkdirSync(join(world.home, '.local/state'), { recursive: true });
    const { code, stdout, stderr } = await run([...OWN_MOUNTS, 'sh', '-c', script], { world });
    expect([code, JSON.parse(stdout)], stderr).toEqual([6, expect.objectContaining({ exit: 6 })]);
    expect(existsSync(join(world.project, 'filled'))).toBe(true);
  });

  it('in a project that cannot be written', async () => {
    const world = temporaryWorld();
    const script = `
      mount --bind "$PWD" "$PWD" && mount -o remount,bind,ro "$PWD" && cd "$PWD" || exit 0
      ${CSA} session start --on-exit 'touch here' --on-exit 'cat >~/part && mv ~/part ~/verdict' -- sh -c 'exit 2'
      until [ -e ~/verdict ]; do sleep 0.05; done`;
    const { stdout, stderr } = await run([...OWN_MOUNTS, 'sh', '-c', script], { world });
    const id = stdout.trim();
    expect(JSON.parse(readIfThere(join(world.home, 'verdict'))), stderr).toMatchObject({ session: id, exit: 2 });
    expect(await warnings(world, id, 1)).toEqual([expect.stringMatching(/hook 1 of 2 exited with 1; .*Read-only/)]);
  });
});

it('a supervisor that was killed runs no hook', async () => {
  const world = temporaryWorld();
  const id = await start(world, ['touch never'], 'sleep 600');
  await commandPid(world, id);
  process.kill(supervisorPid(world, id), 'SIGKILL');
  expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(124);
  expect((await runCsa(['session', 'stop', id], { world })).code).toBe(0);
  expect([hookRunners(world), existsSync(join(world.project, 'never'))]).toEqual([[], false]);
});

it('neither hooks nor environment stand in a command line of the supervisor or the runner', async () => {
  const world = temporaryWorld();
  const secret = `s3cr3t-${world.home.replaceAll('/', '-')}`;
  // The shell of a hook has its own line in its command line; that of a comment it drops.
  const hook = `read -r line; : >.x; until [ -e go ]; do sleep 0.05; done # ${secret}`;
  userConfig(world, `[hooks]\nsession_finished = "exec sleep 600"\n`);
  const id = await start(world, [hook], gated('exit 0'), ['--env', `TOKEN=${secret}`]);
  const lines = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readIfThere(`/proc/${name}/cmdline`))
      .filter((line) => line.includes(secret) && !line.startsWith('sh\0-c\0'));
  await commandPid(world, id);
  expect(lines()).toEqual([]);
  openGate(world);
  await until(() => hookRunners(world).length > 0, 'the hook runner', PATIENCE_MS);
  expect(lines()).toEqual([]);
  const files = readdirSync(sessionDirectory(world, id)).filter((name) => /\.(?:toml|log|pid)$/.test(name));
  for (const name of files) expect(sessionFile(world, id, name)).not.toContain(secret);
});

it.each([
  ['an empty word', ['--on-exit', '']],
  ['blanks', ['--on-exit', ' \t']],
  ['seventeen', Array.from({ length: 17 }, () => ['--on-exit', 'true']).flat()],
])('%s for --on-exit starts nothing', async (_what, flags) => {
  const world = temporaryWorld();
  const { code, stdout, stderr } = await runCsa(['session', 'start', ...flags, '--', 'true'], { world });
  expect([code, stdout, attribute(parseMarkers(stderr).at(-1), 'reason')]).toEqual([125, '', 'bad-hook']);
  expect(existsSync(world.stateRoot)).toBe(false);
});

it('a config that cannot be used is a warning, and the session starts', async () => {
  const world = temporaryWorld();
  userConfig(world, '[hooks]\nsession_finished = 7\n');
  const { code, stderr } = await runCsa(['session', 'start', '--', 'true'], { world });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^csa: .*hooks\.session_finished must be a command/);
});
