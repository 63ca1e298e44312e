import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Marker, parseMarkers } from '@csa/markers';
import { endSession, type RunResult, runCsa, temporaryWorld, until, type World } from '@csa/testkit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { answerOf, attribute, needed, waitFor } from './answer.ts';
import { commandPid, openGate, startedMarker, supervisorPid } from './job.ts';
import { isRunning, shell } from './program.ts';

const GATED = ['sh', '-c', 'until [ -e go ]; do sleep 0.05; done; echo done; exit 3'];

let world: World;
/** Where the state lies, under a name that a careless shell would act on. */
let stateHome: string;

beforeEach(() => {
  world = temporaryWorld({ projectName: `a b'c"$(touch X)&<!-- -->` });
  stateHome = join(world.home, `state $(touch X) 'q" ;touch X`);
});

function elsewhere(): { world: World; env: NodeJS.ProcessEnv } {
  return { world, env: { XDG_STATE_HOME: stateHome } };
}

/** Run a printed command as it stands in a fresh shell, in another directory and without the state root's variable. */
async function follow(marker: Marker | undefined, key: string): Promise<RunResult> {
  return shell(needed(marker, key), { world, cwd: '/', env: { XDG_STATE_HOME: undefined } });
}

async function startHere(): Promise<{ id: string; started: Marker }> {
  const { code, stdout, stderr } = await runCsa(['session', 'start', '--', ...GATED], elsewhere());
  expect(code, stderr).toBe(0);
  const id = stdout.trim();
  onTestFinished(() => endSession(world, id));
  return { id, started: { name: 'SESSION_STARTED', attributes: startedMarker(stderr) } };
}

/** The world whose default state root is the odd one, for looking into a session's files. */
function oddWorld(): World {
  return { ...world, stateRoot: join(stateHome, 'cli-sub-agent') };
}

function expectNoFileX(): void {
  for (const place of ['/', world.project, world.home]) expect(readdirSync(place)).not.toContain('X');
}

describe('from another directory, without the state root in the environment,', () => {
  it('wait_cmd, cmd, result_cmd and logs_cmd work as printed, and run nothing else', async () => {
    const { id, started } = await startHere();
    const warm = await waitFor([id, '--cap', '100ms'], elsewhere());
    const again = answerOf(
      await shell(`${needed(warm.status, 'cmd')} --cap 100ms`, { world, cwd: '/', env: { XDG_STATE_HOME: undefined } }),
    );
    expect([again.code, again.status.name]).toEqual([0, 'SESSION_WAIT_KV_WARM']);
    openGate(world);
    const done = answerOf(await follow(started, 'wait_cmd'));
    expect([done.code, attribute(done.status, 'session')]).toEqual([3, id]);
    const result = await follow(done.result, 'result_cmd');
    expect([result.code, result.stdout.includes(id)], result.stderr).toEqual([0, true]);
    const logs = await follow(done.result, 'logs_cmd');
    expect([logs.code, logs.stdout]).toEqual([0, 'done\n']);
    expectNoFileX();
  });

  it('stop_cmd works as printed', async () => {
    const { id, started } = await startHere();
    const stopped = await follow(started, 'stop_cmd');
    expect(stopped.code, stopped.stderr).toBe(0);
    expect((await waitFor([id, '--cap', '30s'], elsewhere())).code).toBe(143);
    expectNoFileX();
  });

  it('the commands of a dead session work as printed', async () => {
    const { id } = await startHere();
    const survivor = await commandPid(oddWorld(), id);
    process.kill(supervisorPid(oddWorld(), id), 'SIGKILL');
    const dead = await waitFor([id, '--cap', '30s'], elsewhere());
    expect(dead.code).toBe(124);
    const status = await follow(dead.status, 'cmd');
    expect([status.code, /dead/.test(status.stdout)], status.stderr).toEqual([0, true]);
    expect((await follow(dead.status, 'stop_cmd')).code).toBe(0);
    await until(() => !isRunning(survivor), 'the survivor to end');
    expectNoFileX();
  });

  it('full_cmd and cmd of a lowered cap work as printed', async () => {
    const { id } = await startHere();
    const env = { ...elsewhere().env, CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '1000' };
    const warm = await waitFor([id], { world, env });
    expect(warm.status.name).toBe('SESSION_WAIT_KV_WARM');
    openGate(world);
    for (const key of ['cmd', 'full_cmd']) expect((await follow(warm.status, key)).code).toBe(3);
    expectNoFileX();
  });

  it('the commands of an error and of an unfinished result work as printed', async () => {
    const { id } = await startHere();
    const wrong = await waitFor([id, '--nonsense'], elsewhere());
    expect((await follow(wrong.status, 'cmd')).code).toBe(0);
    const unfinished = await runCsa(['session', 'result', id], elsewhere());
    const [marker] = parseMarkers(unfinished.stderr);
    openGate(world);
    expect((await follow(marker, 'cmd')).code).toBe(3);
    expectNoFileX();
  });
});

it('names a project by --cd or a directory where a prefix or another project would not be found', async () => {
  const unknown = await waitFor(['01M0F77JH0BVPHYFAVF40A3GZ5'], { world });
  const listed = await shell(needed(unknown.status, 'cmd'), { world, cwd: '/' });
  expect(listed.code).toBe(0);
});

it('finds a session of the default state root from any directory by its id alone', async () => {
  const { stdout, stderr } = await runCsa(['session', 'start', '--', ...GATED], { world });
  const waitCommand = startedMarker(stderr).get('wait_cmd') ?? '';
  expect(waitCommand).toMatch(new RegExp(` session wait ${stdout.trim()}$`));
  openGate(world);
  expect((await shell(waitCommand, { world, cwd: '/' })).code).toBe(3);
  expect(existsSync(join(world.project, 'X'))).toBe(false);
});
