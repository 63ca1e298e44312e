import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { createUnborn, openNamedDirectory, readDaemon } from '@csa/session';
import { temporaryDirectory, temporaryWorld, until, type World } from '@csa/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stop } from './index.ts';
import {
  gone,
  printed,
  read,
  requestOf,
  resultOf,
  runs,
  STARTER,
  SUPERVISOR,
  sessionsOf,
  startIn,
  startShell,
  stopRequest,
  supervisorGone,
} from './started.test.fixture.ts';

const NODE = `"${process.execPath}" --conditions=csa-source --no-warnings`;

function killedAtTheEnd(child: ChildProcess): ChildProcess {
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** A starter of its own, run by a shell: `before` comes first in the shell's line, `after` behind the starter. */
function starter(world: World, script: string, around: { before?: string; after?: string } = {}): ChildProcess {
  const request = JSON.stringify(requestOf(world, ['sh', '-c', script]));
  const line = `${around.before ?? ''} ${NODE} "$STARTER" "$REQUEST" ${around.after ?? ''}`;
  const env = { ...process.env, STARTER, REQUEST: request };
  return killedAtTheEnd(
    spawn('bash', ['-c', line], { env, stdio: ['ignore', 'pipe', 'inherit'], cwd: import.meta.dirname }),
  );
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await new Promise((resolve) => child.once('close', resolve));
  return text;
}

describe('a session that was started', () => {
  test('is there, whole and alive, as soon as the start returns, and nothing unborn is left', async () => {
    const world = temporaryWorld();
    const { session, supervisorPid } = await startShell(world, 'sleep 600', { description: 'the nightly build' });
    expect(readDaemon(session)).toMatchObject({
      kind: 'present',
      value: { identity: { pid: supervisorPid }, isOurs: true },
    });
    expect(readdirSync(sessionsOf(world))).toEqual([session.id]);
    expect(read(session, 'state.toml')).toContain('the nightly build');
    expect(read(session, 'metadata.toml')).toContain('result_published = "once"');
  });

  test.each([0, 0o077])('is for its owner alone under a umask of %o', async (mask) => {
    const before = process.umask(mask);
    onTestFinished(() => void process.umask(before));
    const world = temporaryWorld();
    const started = await startShell(world, 'echo out; rm "$CSA_SESSION_DIR/state.toml"');
    await supervisorGone(started);
    const { directory } = started.session;
    const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    expect(names).toContain('supervisor.log');
    for (const name of ['.', ...names]) {
      const stat = lstatSync(join(directory, name));
      expect([name, (stat.mode & 0o777).toString(8)]).toEqual([name, stat.isDirectory() ? '700' : '600']);
    }
  });

  test('has a supervisor in a session of its own, in /, that holds no secret of the caller', async () => {
    const world = temporaryWorld();
    const wishes = { CSA_BRIEF: 'off', CSA_BRIEF_REFRESH_MIN_SEC: '7' };
    const inheritedEnv = { ...world.env, ...wishes, API_KEY: 'inherited-secret', NODE_OPTIONS: '--no-deprecation' };
    const started = await startShell(world, 'echo "$API_KEY $TOKEN $NODE_OPTIONS"; sleep 600', {
      inheritedEnv,
      addedEnv: { TOKEN: 'added-secret' },
    });
    await printed(started, /inherited-secret added-secret --no-deprecation\n/);
    const proc = `/proc/${started.supervisorPid}`;
    const [, group, session] = readFileSync(`${proc}/stat`, 'utf8')
      .replace(/^.*\) \S /, '')
      .split(' ');
    expect([Number(group), Number(session)]).toEqual([started.supervisorPid, started.supervisorPid]);
    expect(readlinkSync(`${proc}/cwd`)).toBe('/');
    const environ = readFileSync(`${proc}/environ`, 'utf8');
    expect(environ).not.toMatch(/secret|NODE_OPTIONS/);
    // What it sets off finds the same state, and is as the user wants it.
    expect(environ.split('\0')).toEqual(
      expect.arrayContaining([
        `XDG_STATE_HOME=${world.env['XDG_STATE_HOME']}`,
        'CSA_BRIEF=off',
        'CSA_BRIEF_REFRESH_MIN_SEC=7',
      ]),
    );
    const commandLines = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(commandLine);
    expect(commandLines.some((line) => line.includes(started.session.id))).toBe(true);
    expect(commandLines.filter((line) => /(?:inherited|added)-secret/.test(line))).toEqual([]);
  });

  test('keeps its supervisor small, whatever the command prints', async () => {
    const world = temporaryWorld();
    // As it is shipped: a supervisor that reads TypeScript is larger.
    const supervisorScript = join(world.project, 'supervisor.mjs');
    const built = join(import.meta.dirname, '../dist/index.js');
    writeFileSync(supervisorScript, `import { runSupervisor } from '${built}'; await runSupervisor();`);
    const script = 'head -c 31457280 /dev/zero; echo; echo done >&2; sleep 600';
    const started = await startShell(world, script, { supervisorScript });
    await until(() => read(started.session, 'stderr.log') === 'done\n', 'all of the output', 60_000);
    const peakKb = (): number =>
      Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${started.supervisorPid}/status`, 'utf8'))?.[1]);
    expect(peakKb()).toBeGreaterThan(1_000);
    expect(peakKb()).toBeLessThan(90 * 1024);
    await stop(started.session, stopRequest());
    expect((await resultOf(started)).summary).toBe('stopped by alice: a test');
  });

  test('gets a large environment and many arguments whole', async () => {
    const addedEnv = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`BIG${i}`, `${i}`.repeat(100_000)]));
    const started = await startIn(
      temporaryWorld(),
      ['sh', '-c', 'echo "$BIG9" | wc -c; echo $#', 'sh', ...Array.from({ length: 999 }, (_, i) => `${i}`)],
      { addedEnv },
    );
    await resultOf(started);
    expect(read(started.session, 'stdout.log').split(/\s+/).filter(Boolean)).toEqual(['100001', '999']);
  });
});

test('twenty starts at once give twenty sessions, each with its own result', async () => {
  const world = temporaryWorld();
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => startShell(world, `exit ${i}`)));
  const codes = await Promise.all(all.map(async (started) => (await resultOf(started)).exitCode));
  expect(new Set(all.map(({ session }) => session.id)).size).toBe(20);
  expect(codes).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect(readdirSync(sessionsOf(world)).sort()).toEqual(all.map(({ session }) => session.id).sort());
});

describe('the starter', () => {
  test('leaves nobody who holds its output: $(...) returns at once, although the command runs on', async () => {
    const text = await outputOf(starter(temporaryWorld(), 'sleep 600'));
    const [pid, directory = ''] = text.trim().split(' ');
    expect(runs(Number(pid))).toBe(true);
    expect(openNamedDirectory(directory).directory).toBe(directory);
  });

  test.each([9, 200])('leaves nobody who holds its descriptor %i', async (fd) => {
    const fifo = join(temporaryDirectory(), 'fifo');
    spawnSync('mkfifo', [fifo]);
    const child = starter(temporaryWorld(), 'sleep 600', { before: `exec ${fd}>"${fifo}";` });
    const output = outputOf(child);
    // Returns when a writer has opened it.
    await (await open(fifo, 'r')).close();
    const [pid] = (await output).split(' ');
    await until(() => !hasWriter(fifo), 'the last writer to go');
    expect(runs(Number(pid))).toBe(true);
  });

  test('that is killed in the midst leaves either a whole session or nothing', async () => {
    for (const seconds of [0.05, 0.1, 0.15, 0.2, 0.3, 0.5]) {
      const world = temporaryWorld();
      await outputOf(starter(world, 'true', { after: `& sleep ${seconds}; kill -9 $!; wait` }));
      const sessions = (): string[] => (existsSync(sessionsOf(world)) ? readdirSync(sessionsOf(world)) : []);
      const isWhole = (name: string): boolean => existsSync(join(sessionsOf(world), name, 'result.toml'));
      const isUnstarted = (name: string): boolean => name.startsWith('.new-') && !isHeld(name);
      await until(() => sessions().every((name) => isWhole(name) || isUnstarted(name)), 'a whole session or nothing');
    }
  });
});

/** read(2) of a pipe: end-of-file when nobody holds it for writing, else EAGAIN. */
function hasWriter(fifo: string): boolean {
  const fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readSync(fd, Buffer.alloc(1)) !== 0;
  } catch {
    return true;
  } finally {
    closeSync(fd);
  }
}

/** Whether a supervisor was started for the unborn session of this name. */
function isHeld(name: string): boolean {
  return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(name));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

test('a supervisor answers a starter that cannot end its side of the pipe, as in sandboxes without shutdown(2)', async () => {
  const world = temporaryWorld();
  const sessions = join(world.project, 'sessions');
  const unborn = createUnborn(sessions, { project: world.project, description: '', tool: 'x' });
  const supervisor = killedAtTheEnd(
    spawn(process.execPath, [SUPERVISOR, unborn.id, unborn.directory], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    }),
  );
  const pipe = supervisor.stdio[3] as Socket;
  const answered = new Promise<string>((resolve) => pipe.once('data', (bytes) => resolve(String(bytes))));
  const plan = { ...unborn, argv: ['true'], cwd: world.project, env: {}, tool: 'x' };
  pipe.write(`${JSON.stringify(plan)}\n`);
  expect(JSON.parse(await answered)).toMatchObject({ kind: 'ready' });
});

describe('a supervisor whose starter goes away', () => {
  test.each([
    ['says nothing', ''],
    ['says half of it', '{"id":"x","directory":"/no'],
    ['says all but its end', '{"id":"x","directory":"/nowhere"}'],
  ])('and %s removes what the starter had made, and ends', async (_, text) => {
    const sessions = join(temporaryDirectory(), 'sessions');
    const unborn = createUnborn(sessions, { project: '/somewhere', description: '', tool: 'x' });
    const supervisor = spawn(process.execPath, [SUPERVISOR, unborn.id, unborn.directory], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    killedAtTheEnd(supervisor);
    (supervisor.stdio[3] as Socket).end(text);
    await gone(supervisor.pid ?? 0);
    expect(readdirSync(sessions)).toEqual([]);
  });
});

describe('a start that fails', () => {
  test.each([
    ['prints nothing and ends', 'process.exit(1)'],
    ['answers nonsense', 'require("fs").writeSync(3, "nonsense")'],
    ['cannot be loaded', 'require("./no-such-module")'],
  ])('because the supervisor %s is refused, with nothing left', async (_, code) => {
    const world = temporaryWorld();
    const supervisorScript = join(world.project, 'supervisor.cjs');
    writeFileSync(supervisorScript, code);
    await expect(startIn(world, ['true'], { supervisorScript })).rejects.toMatchObject({ reason: 'supervisor-failed' });
    expect(readdirSync(sessionsOf(world))).toEqual([]);
  });

  test('because the state root is a file is refused, and the message names it', async () => {
    const world = temporaryWorld();
    writeFileSync(join(world.project, 'file'), '');
    const sessions = join(world.project, 'file', 'sessions');
    await expect(startIn(world, ['true'], { sessions })).rejects.toMatchObject({
      reason: 'state-root-unwritable',
      message: expect.stringContaining(dirname(sessions)),
    });
  });
});
