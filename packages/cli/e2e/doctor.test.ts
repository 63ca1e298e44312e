import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import {
  builtCsa,
  csa,
  hashTree,
  materialize,
  type RunResult,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  testNode,
  until,
  type World,
} from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute, waitFor } from './answer.ts';
import { commandPid, openGate, sessionFile, startGated, startJob, supervisorPid } from './job.ts';
import { OWN_MOUNTS, run, shell } from './program.ts';

interface Found {
  readonly check: string;
  readonly level: string;
  readonly finding: string;
  readonly remedy: string | null;
  readonly command: string | null;
}

interface Diagnosis {
  readonly exit: number;
  readonly findings: readonly Found[];
}

type Argv = [string, ...string[]];
const DOCTOR: Argv = [testNode(), builtCsa, 'doctor', '--json'];

/** The document, which is well by its schema and agrees with the exit code. */
function diagnosisOf({ code, stdout, stderr }: RunResult): Diagnosis {
  expect(stderr).toBe('');
  const document = JSON.parse(stdout);
  expect(faultsOf('doctor', document)).toEqual([]);
  expect(document.exit).toBe(code);
  const hasProblem = document.findings.some(({ level }: Found) => level === 'problem');
  expect(code).toBe(hasProblem ? 1 : 0);
  for (const { level, remedy } of document.findings as Found[]) {
    if (level === 'warning' || level === 'problem') expect(remedy).toMatch(/./);
  }
  return document;
}

async function diagnose(world: World, env: NodeJS.ProcessEnv = {}, argv: Argv = DOCTOR): Promise<Diagnosis> {
  return diagnosisOf(await run(argv, { world, env }));
}

/** What is not well in one check. */
function troubles({ findings }: Diagnosis, check: string): Found[] {
  return findings.filter((finding) => finding.check === check && ['warning', 'problem'].includes(finding.level));
}

describe('a doctor', () => {
  it('finds no problem in a new world, and makes nothing in it', async () => {
    const world = temporaryWorld();
    const project = hashTree(world.project);
    const { exit, findings } = await diagnose(world);
    expect(exit).toBe(0);
    expect(new Set(findings.map(({ check }) => check))).toEqual(
      new Set(['program', 'system', 'state-root', 'file-system', 'inotify', 'config', 'caller', 'sessions']),
    );
    expect(findings.map(({ finding }) => finding)).toContain('tried out, works: fsync, rename, link, lifeline, events');
    expect([readdirSync(world.home), hashTree(world.project)]).toEqual([[], project]);
  });

  it('changes no session, living or not', async () => {
    const world = temporaryWorld();
    const finished = await startJob(['true'], { world });
    await waitFor([finished, '--cap', '30s'], { world });
    const alive = await startGated(world);
    await commandPid(world, alive);
    const trees = (): string[] => [...readdirSync(world.stateRoot), hashTree(dirname(sessionDirectory(world, alive)))];
    const before = trees();
    const { findings } = await diagnose(world);
    expect(trees()).toEqual(before);
    expect(findings.map(({ finding }) => finding)).toContainEqual(
      expect.stringContaining('2 sessions: 1 alive, 1 finished'),
    );
    openGate(world);
  });

  it('tells people the same, with a summary as the last line and no colours in a pipe', async () => {
    const world = temporaryWorld();
    const { code, stdout } = await runCsa(['doctor'], { world });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^state-root\n {2}ok {2}/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^No problems/);
    expect(stdout).not.toContain('\u001b');
    expect((await runCsa(['doctor'], { world, env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[32mok\u001b[39m');
  });

  it.each([
    ['--bogus', 'usage'],
    ['extra', 'usage'],
  ])('refuses %s: %s', async (word, reason) => {
    const { code, stdout, stderr } = await runCsa(['doctor', word], { world: temporaryWorld() });
    expect([code, stdout]).toEqual([125, '']);
    expect(attribute(parseMarkers(stderr).at(-1), 'reason')).toBe(reason);
  });

  it('whose output is lost has not answered', async () => {
    const world = temporaryWorld();
    expect((await shell(`"${testNode()}" "${builtCsa}" doctor >/dev/full`, { world })).code).toBe(125);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('that is ended by %s while it tries something out leaves nothing behind', async (signal, code) => {
    const world = temporaryWorld();
    mkdirSync(world.stateRoot, { recursive: true });
    const bin = join(world.home, 'bin');
    const real = world.env['PATH'];
    mkdirSync(bin);
    const slow = '#!/bin/sh\n: >started\nuntil [ -e go ]; do sleep 0.05; done\nPATH=$REAL_PATH exec mkfifo "$@"\n';
    writeFileSync(join(bin, 'mkfifo'), slow, { mode: 0o755 });
    const doctor = csa(['doctor', '--json'], { world, env: { PATH: `${bin}:${real}`, REAL_PATH: real } });
    await until(() => existsSync(join(world.project, 'started')), 'a trial');
    expect(readdirSync(world.stateRoot)).toEqual([expect.stringMatching(/^\.doctor-/)]);
    doctor.kill(signal);
    writeFileSync(join(world.project, 'go'), '');
    const ended = await doctor.ended;
    expect([ended.code, JSON.parse(ended.stdout).exit]).toEqual([code, code]);
    expect(faultsOf('doctor', JSON.parse(ended.stdout))).toEqual([]);
    expect(ended.stderr).toContain(signal);
    expect(readdirSync(world.stateRoot)).toEqual([]);
  });
});

describe('a state root', () => {
  const mounted = (root: string, mount: string, argv: Argv = DOCTOR): Argv => [
    ...OWN_MOUNTS,
    'sh',
    '-c',
    `set -e; ${mount}; shift; exec "$@"`,
    'sh',
    root,
    ...argv,
  ];

  function worldWithRoot(): World {
    const world = temporaryWorld();
    mkdirSync(world.stateRoot, { recursive: true, mode: 0o700 });
    return world;
  }

  it('that is read-only is a problem, and nothing is tried out there', async () => {
    const world = worldWithRoot();
    const readOnly = mounted(world.stateRoot, 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"');
    const diagnosis = await diagnose(world, {}, readOnly);
    expect(troubles(diagnosis, 'state-root')).toMatchObject([
      { level: 'problem', finding: expect.stringContaining('EROFS') },
    ]);
    expect(diagnosis.findings).toContainEqual(
      expect.objectContaining({ finding: expect.stringContaining('not tried out') }),
    );
  });

  it('in memory, and almost full, is told', async () => {
    const world = worldWithRoot();
    const diagnosis = await diagnose(
      world,
      {},
      mounted(world.stateRoot, 'mount -t tmpfs -o size=1m,mode=700 none "$1"'),
    );
    expect(diagnosis.findings).toContainEqual(
      expect.objectContaining({ check: 'file-system', finding: expect.stringMatching(/^tmpfs/) }),
    );
    expect(troubles(diagnosis, 'state-root')).toMatchObject([
      { level: 'warning', finding: expect.stringContaining('MiB free') },
    ]);
  });

  it('that is full is a problem', async () => {
    const world = worldWithRoot();
    const full =
      'mount -t tmpfs -o size=64k,mode=700 none "$1"; head -c 100000 /dev/zero >"$1/filler" 2>/dev/null || true';
    const diagnosis = await diagnose(world, {}, mounted(world.stateRoot, full));
    expect(diagnosis.exit).toBe(1);
    expect(troubles(diagnosis, 'state-root')).toMatchObject([{ finding: expect.stringContaining('the disk is full') }]);
  });

  it('without inodes is a problem', async () => {
    const world = worldWithRoot();
    const diagnosis = await diagnose(
      world,
      {},
      mounted(world.stateRoot, 'mount -t tmpfs -o nr_inodes=1,mode=700 none "$1"'),
    );
    expect(troubles(diagnosis, 'state-root').map(({ finding }) => finding)).toContainEqual(
      expect.stringContaining('no inode is free'),
    );
    expect(troubles(diagnosis, 'file-system')).toMatchObject([{ finding: expect.stringContaining('ENOSPC') }]);
  });

  it('that is a file is a problem', async () => {
    const world = temporaryWorld();
    mkdirSync(dirname(world.stateRoot), { recursive: true });
    writeFileSync(world.stateRoot, '');
    onTestFinished(() => rmSync(world.stateRoot));
    expect(troubles(await diagnose(world), 'state-root')).toMatchObject([{ level: 'problem' }]);
  });

  it('that this user may not write is a problem whose remedy runs as printed', async () => {
    const world = worldWithRoot();
    chmodSync(world.stateRoot, 0o500);
    const plain = [
      'setpriv',
      '--bounding-set=-all',
      '--inh-caps=-all',
      '--ambient-caps=-all',
      ...DOCTOR,
    ] as unknown as Argv;
    const argv = process.getuid?.() === 0 ? plain : DOCTOR;
    const [problem] = troubles(await diagnose(world, {}, argv), 'state-root');
    expect(problem).toMatchObject({ level: 'problem', command: expect.stringContaining('chmod') });
    expect((await shell(problem?.command ?? 'false', { world })).code).toBe(0);
    expect(troubles(await diagnose(world, {}, argv), 'state-root')).toEqual([]);
  });

  it('of a home that is not known, or of an XDG_STATE_HOME that does not count, is told', async () => {
    const world = temporaryWorld();
    const homeless = await diagnose(world, { HOME: 'relative', XDG_STATE_HOME: undefined, XDG_CONFIG_HOME: undefined });
    expect(troubles(homeless, 'state-root')).toMatchObject([{ level: 'problem' }]);
    const relative = await diagnose(world, { XDG_STATE_HOME: 'relative' });
    expect(troubles(relative, 'state-root')).toMatchObject([{ level: 'warning' }]);
    expect((await diagnose(world, { HOME: undefined })).exit).toBe(0);
  });
});

describe('a doctor is called', () => {
  it('in a directory that is gone', async () => {
    const world = temporaryWorld();
    const gone = join(world.home, 'gone');
    mkdirSync(gone);
    const argv: Argv = ['sh', '-c', `cd "${gone}" && rmdir "${gone}" && exec "$@"`, 'sh', ...DOCTOR];
    expect((await diagnose(world, {}, argv)).exit).toBe(0);
  });

  it('where no file event is left', async () => {
    const world = temporaryWorld();
    const none = 'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"';
    const argv: Argv = ['unshare', '-U', '-r', 'sh', '-c', none, 'sh', ...DOCTOR];
    const diagnosis = await diagnose(world, {}, argv);
    expect(troubles(diagnosis, 'inotify')).toMatchObject([
      {
        finding: expect.stringContaining('of 0 inotify instances'),
        command: expect.stringContaining('user.max_inotify_instances'),
      },
    ]);
    expect(troubles(diagnosis, 'file-system')).toMatchObject([{ finding: expect.stringContaining('EMFILE') }]);
    expect(diagnosis.exit).toBe(0);
  });

  it('in a pid namespace with a foreign /proc', async () => {
    const argv: Argv = ['unshare', '-U', '-r', '-p', '--fork', ...DOCTOR];
    const diagnosis = await diagnose(temporaryWorld(), {}, argv);
    expect(troubles(diagnosis, 'system')).toMatchObject([{ finding: expect.stringContaining('/proc is not mounted') }]);
  });

  it('without a mkfifo', async () => {
    const world = temporaryWorld();
    const [lifeline] = troubles(await diagnose(world, { PATH: '/none' }), 'file-system');
    expect(lifeline).toMatchObject({ level: 'warning', remedy: expect.stringContaining('mkfifo') });
  });

  it('with a config that cannot be used', async () => {
    const world = temporaryWorld();
    const path = join(world.home, '.config/cli-sub-agent/config.toml');
    mkdirSync(dirname(path), { recursive: true });
    expect((await shell(`mkfifo "${path}"`, { world })).code).toBe(0);
    const [warning] = troubles(await diagnose(world), 'config');
    expect(warning).toMatchObject({ level: 'warning', finding: expect.stringContaining('no regular file') });
    expect((await shell(warning?.command ?? 'false', { world, cwd: '/' })).code).toBe(0);
  });

  it.each<[NodeJS.ProcessEnv, string, string]>([
    [{}, 'ok', "no agent's shell"],
    [{ CLAUDECODE: '1' }, 'ok', '110s, lowered from 240s (from claude-code)'],
    [{ OPENCODE: '1' }, 'ok', '110s, lowered from 240s (from opencode)'],
    [{ CODEX_CI: '1' }, 'note', 'Codex'],
    [{ GEMINI_CLI: '1' }, 'note', 'Gemini'],
    [{ CLAUDECODE: '1', CSA_SESSION_ID: 'x' }, 'note', 'inside the session x'],
    [{ CI: 'true' }, 'ok', 'until done (from ci)'],
    [{ CSA_WAIT_CAP: 'soon' }, 'problem', 'every wait is refused'],
  ])('by %o: %s, %s', async (env, level, words) => {
    const { findings } = await diagnose(temporaryWorld(), env);
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'caller', level, finding: expect.stringContaining(words) }),
    );
  });
});

describe('what stayed behind', () => {
  it('of starts, removals and doctors is removed by the command that is shown', async () => {
    const world = temporaryWorld({ projectName: "it's a project" });
    const id = await startJob(['true'], { world });
    await waitFor([id, '--cap', '30s'], { world });
    const sessions = dirname(sessionDirectory(world, id));
    const cut = ['gone', 'removing'].map((prefix) => `.${prefix}-01M0F77JH0BVPHYFAVF40A3GZ5-0123456789ab`);
    const leftovers = ['.new-0123456789abcdef', ...cut];
    for (const path of [...leftovers.map((name) => join(sessions, name)), join(world.stateRoot, '.doctor-89ab')]) {
      mkdirSync(join(path, 'output'), { recursive: true });
      for (const touched of [join(path, 'output'), path]) utimesSync(touched, 1, 1);
    }
    mkdirSync(join(sessions, '.new-fedcba9876543210'));
    const [cutOff, trial] = troubles(await diagnose(world), 'sessions');
    expect([cutOff?.finding, trial?.finding]).toEqual([
      expect.stringContaining('3 directories are left of starts or removals'),
      expect.stringContaining('1 directory is left of doctors'),
    ]);
    const shown = await shell(cutOff?.command ?? 'false', { world });
    expect([shown.code, leftovers.filter((name) => !shown.stdout.includes(name))]).toEqual([0, []]);
    expect((await shell(cutOff?.command?.replace('--dry-run', '') ?? 'false', { world })).code).toBe(0);
    expect((await shell(trial?.command ?? 'false', { world })).code).toBe(0);
    expect(readdirSync(sessions).sort()).toEqual(['.new-fedcba9876543210', id]);
    expect(troubles(await diagnose(world), 'sessions')).toEqual([]);
  });

  it('of a supervisor that was killed is ended by the command that is shown', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const survivor = await commandPid(world, id);
    process.kill(supervisorPid(world, id), 'SIGKILL');
    await until(async () => (await waitFor([id, '--cap', '0'], { world })).code === 124, 'a dead session');
    const [warning] = troubles(await diagnose(world), 'sessions');
    expect(warning?.finding).toContain(`(pid ${survivor})`);
    expect((await shell(warning?.command ?? 'false', { world, cwd: '/' })).code).toBe(0);
    expect(troubles(await diagnose(world), 'sessions')).toEqual([]);
  });

  it('of a supervisor that was stopped goes on by the command that is shown', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 3');
    await commandPid(world, id);
    process.kill(supervisorPid(world, id), 'SIGSTOP');
    openGate(world);
    const [warning] = troubles(await diagnose(world), 'sessions');
    expect(warning).toMatchObject({
      finding: expect.stringContaining(id),
      command: `kill -CONT ${supervisorPid(world, id)}`,
    });
    expect((await shell(warning?.command ?? 'false', { world })).code).toBe(0);
    expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(3);
    await until(async () => troubles(await diagnose(world), 'sessions').length === 0, 'a supervisor that has left');
  });

  it('of a supervisor that lingers beside its result is ended by the command that is shown', async () => {
    const world = temporaryWorld();
    const ended = await startJob(['true'], { world });
    await waitFor([ended, '--cap', '30s'], { world });
    const id = await startGated(world);
    await commandPid(world, id);
    writeFileSync(join(sessionDirectory(world, id), 'result.toml'), sessionFile(world, ended, 'result.toml'));
    const [warning] = troubles(await diagnose(world), 'sessions');
    expect(warning?.finding).toBe(`session ${id} has finished, its supervisor has not left`);
    expect((await shell(warning?.command ?? 'false', { world, cwd: '/' })).code).toBe(0);
    await until(async () => troubles(await diagnose(world), 'sessions').length === 0, 'a supervisor that has left');
  });

  it('of a command that is gone under a living supervisor is told', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    await commandPid(world, id);
    const [pid, , ...rest] = sessionFile(world, id, 'command.pid').split(' ');
    writeFileSync(join(sessionDirectory(world, id), 'command.pid'), [pid, '1', ...rest].join(' '));
    const [warning] = troubles(await diagnose(world), 'sessions');
    expect(warning?.finding).toBe(`the command of session ${id} has ended, its supervisor has not`);
    openGate(world);
  });

  it('of the older program is counted as what it is', async () => {
    const { world } = materialize('08-alive-daemon-intermediate-result');
    const { findings } = await diagnose(world);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'sessions',
        level: 'ok',
        finding: expect.stringMatching(/^1 session: 1 alive;/),
      }),
    );
  });
});

it('many sessions are looked at as far as a bound, which is told', async () => {
  const world = temporaryWorld();
  const id = await startJob(['true'], { world });
  await waitFor([id, '--cap', '30s'], { world });
  const sessions = dirname(sessionDirectory(world, id));
  const result = readFileSync(join(sessionDirectory(world, id), 'result.toml'));
  for (let i = 0; i < 250; i += 1) {
    const directory = join(sessions, `01M0F77JH0BVPHYFAVF4${String(i).padStart(6, '0')}`);
    mkdirSync(directory);
    writeFileSync(join(directory, 'result.toml'), result);
  }
  const { findings } = await diagnose(world);
  expect(findings.map(({ finding }) => finding)).toContainEqual(
    expect.stringMatching(/^the \d{1,3} newest of 251 sessions: /),
  );
});
