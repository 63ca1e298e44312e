import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, type RunResult, runCsa, sessionDirectory, temporaryWorld, testNode, type World } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerOf, attribute, waitFor } from './answer.ts';
import { openGate, startGated, startJob } from './job.ts';
import { OWN_MOUNTS, run } from './program.ts';

const ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

function reasonOf({ code, stdout, stderr }: RunResult): string | undefined {
  expect([code, stdout]).toEqual([125, '']);
  return attribute(parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '').at(0), 'reason');
}

function start(world: World, env: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  return runCsa(['session', 'start', '--', 'true'], { world, env });
}

describe('a state root that is a file', () => {
  it('refuses a start and starts nothing', async () => {
    const world = temporaryWorld();
    mkdirSync(dirname(world.stateRoot), { recursive: true });
    writeFileSync(world.stateRoot, '');
    onTestFinished(() => rmSync(world.stateRoot));
    expect(reasonOf(await start(world))).toBe('state-root-unwritable');
    const { code, status } = await waitFor([ID], { world });
    expect([code, attribute(status, 'reason')]).toEqual([125, 'not-found']);
  });
});

describe('a state root that may not be written or read', () => {
  /** Root may do everything, unless the mount is read-only. */
  const readOnly = (root: string, argv: string[]): [string, ...string[]] => [
    ...OWN_MOUNTS,
    'sh',
    '-c',
    'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"',
    'sh',
    root,
    ...argv,
  ];

  it('refuses a start, with the reason on stderr and nothing on stdout', async () => {
    const world = temporaryWorld();
    mkdirSync(world.stateRoot, { recursive: true });
    const argv = readOnly(world.stateRoot, [testNode(), builtCsa, 'session', 'start', '--', 'true']);
    expect(reasonOf(await run(argv, { world }))).toBe('state-root-unwritable');
  });

  /** Root reads everything: be somebody without that right. */
  const asUser =
    process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--ambient-caps=-all'] : [];
  const plainCsa = [...asUser, testNode(), builtCsa, 'session'] as unknown as [string, ...string[]];

  async function finished(world: World): Promise<string> {
    const id = await startJob(['echo', 'text'], { world });
    expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(0);
    return id;
  }

  it('is never called empty, nor its sessions unknown, nor is it a crash', async () => {
    const world = temporaryWorld();
    const id = await finished(world);
    chmodSync(dirname(sessionDirectory(world, id)), 0);
    expect(reasonOf(await run([...plainCsa, 'list'], { world }))).toBe('state-root-unreadable');
    for (const wanted of [id.slice(0, 20), id]) {
      const answer = answerOf(await run([...plainCsa, 'wait', wanted], { world }));
      expect([answer.code, attribute(answer.status, 'reason')]).toEqual([125, 'state-root-unreadable']);
    }
  });

  it('makes a session one of which nothing can be said', async () => {
    const world = temporaryWorld();
    const id = await finished(world);
    chmodSync(sessionDirectory(world, id), 0);
    const answer = answerOf(await run([...plainCsa, 'wait', id, '--cap', '300ms'], { world }));
    expect([answer.code, answer.status.name]).toEqual([125, 'SESSION_WAIT_UNKNOWN']);
    expect(attribute(answer.status, 'reason')).toBe('io-error');
  });

  it('makes logs that cannot be read a failure, not an empty text', async () => {
    const world = temporaryWorld();
    const id = await finished(world);
    chmodSync(join(sessionDirectory(world, id), 'stdout.log'), 0);
    const { code, stdout } = await run([...plainCsa, 'logs', id], { world });
    expect([code, stdout]).toEqual([125, '']);
  });
});

describe('a full disk', () => {
  /** Mount a small disk at $1 and run the rest there. */
  const withDisk = (root: string, script: string): [string, ...string[]] => [
    ...OWN_MOUNTS,
    'sh',
    '-c',
    `set -e; mount -t tmpfs -o size=256k none "$1"; node=$2; csa=$3; set +e; ${script}`,
    'sh',
    root,
    testNode(),
    builtCsa,
  ];

  it('refuses a start when nothing can be written any more', async () => {
    const world = temporaryWorld();
    mkdirSync(world.stateRoot, { recursive: true });
    const script = 'head -c 1000000 /dev/zero >"$1/filler" 2>/dev/null; exec "$node" "$csa" session start -- true';
    expect(reasonOf(await run(withDisk(world.stateRoot, script), { world }))).toBe('disk-full');
  });

  it('does not lose the result of a command that fills it', async () => {
    const world = temporaryWorld();
    mkdirSync(world.stateRoot, { recursive: true });
    const script = [
      `id=$("$node" "$csa" session start -- sh -c 'cat /dev/zero 2>/dev/null; exit 7') || exit 99`,
      'exec "$node" "$csa" session wait "$id" --cap 30s',
    ].join('\n');
    const answer = answerOf(await run(withDisk(world.stateRoot, script), { world }));
    expect([answer.code, attribute(answer.status, 'source')]).toEqual([7, 'result']);
  });
});

describe('a HOME', () => {
  it('that is not set is looked up, and one that is relative is refused', async () => {
    const world = temporaryWorld();
    const env = { HOME: 'relative', XDG_STATE_HOME: undefined, XDG_CONFIG_HOME: undefined };
    expect(reasonOf(await start(world, env))).toBe('no-home');
    const { code, status } = await waitFor([ID], { world, env });
    expect([code, attribute(status, 'reason')]).toEqual([125, 'no-home']);
    expect(existsSync(join(world.project, 'relative'))).toBe(false);
  });

  it('is not needed where the state root and the config are named', async () => {
    const world = temporaryWorld();
    const env = { HOME: undefined };
    const { code, stdout } = await start(world, env);
    expect(code).toBe(0);
    expect((await waitFor([stdout.trim(), '--cap', '30s'], { world, env })).code).toBe(0);
  });

  it('decides where XDG_STATE_HOME is relative, which does not count', async () => {
    const world = temporaryWorld();
    const { stdout } = await start(world, { XDG_STATE_HOME: 'relative' });
    expect(existsSync(join(world.home, '.local/state/cli-sub-agent'))).toBe(true);
    expect((await waitFor([stdout.trim(), '--cap', '30s'], { world })).code).toBe(0);
  });
});

describe('a project directory', () => {
  it('that is gone does not keep a session from being waited for', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 3');
    openGate(world);
    const link = sessionDirectory(world, id);
    expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(3);
    rmSync(world.project, { recursive: true });
    expect((await waitFor([id, '--cap', '0'], { world, cwd: '/' })).code).toBe(3);
    expect(existsSync(link)).toBe(true);
  });
});

it('what stands in its data directory is neither loaded nor complained of', async () => {
  const world = temporaryWorld();
  const data = join(world.home, 'data');
  mkdirSync(join(data, 'csa'), { recursive: true });
  writeFileSync(join(data, 'csa/package.json'), '{');
  const answer = await runCsa(['agents-md'], { world, env: { XDG_DATA_HOME: data } });
  expect(answer).toMatchObject({ code: 0, stderr: '' });
});
