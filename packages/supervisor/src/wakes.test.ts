import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { temporaryWorld, until, type World } from '@csa/testkit';
import { describe, expect, test } from 'vitest';
import type { Started, StartRequest, Wake } from './index.ts';
import { gone, printed, resultOf, startIn } from './started.test.fixture.ts';
import { Wakes } from './wakes.ts';

const SUPERVISOR = join(import.meta.dirname, 'waking-supervisor.test.fixture.ts');
const WAKES = join(import.meta.dirname, 'wakes.ts');
const RUNS_ON = 'echo ready; until [ -e go ]; do sleep 0.02; done; exit 3';
const PATIENCE_MS = 30_000;
const SESSION = { directory: '/state/home/dev/api/sessions/X', project: '/home/dev/api' };

type Seen = Wake & { readonly names: readonly string[]; readonly lifeline: string };

function startWaking(world: World, argv: StartRequest['argv']): Promise<Started> {
  return startIn(world, argv, { tool: 'shell', supervisorScript: SUPERVISOR });
}

function wakesOf({ project }: World): Seen[] {
  const path = join(project, 'wakes');
  // What stands behind the last line's end is still being written.
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  return lines.map((line) => JSON.parse(line) as Seen);
}

/** All wakes of a session, once its supervisor has left. */
async function allWakes(world: World, started: Started): Promise<Seen[]> {
  await gone(started.supervisorPid);
  return wakesOf(world);
}

function reactive(wakes: readonly Seen[]): Seen[] {
  return wakes.filter(({ trigger }) => trigger === 'reactive');
}

describe('a supervisor wakes others', () => {
  test('once its command runs, from time to time while it does, and once its whole record stands', async () => {
    const world = temporaryWorld();
    const started = await startWaking(world, ['sh', '-c', RUNS_ON]);
    await until(() => reactive(wakesOf(world)).length === 1, 'the wake of the beginning', PATIENCE_MS);
    await until(() => wakesOf(world).at(-1)?.trigger === 'periodic', 'a wake in between', PATIENCE_MS);
    writeFileSync(join(world.project, 'go'), '');
    const wakes = await allWakes(world, started);
    const [first, last] = reactive(wakes);
    expect(reactive(wakes)).toHaveLength(2);
    expect(wakes.at(-1)).toEqual(last);
    for (const wake of wakes) {
      expect(wake).toMatchObject({ directory: started.session.directory, project: world.project });
    }
    expect([first?.names.includes('command.pid'), first?.lifeline]).toEqual([true, 'alive']);
    expect(last?.names).toEqual(expect.arrayContaining(['result.toml', 'daemon-completion.toml', 'state.toml']));
    expect(last?.lifeline).toBe('dead');
    expect(readFileSync(join(started.session.directory, 'state.toml'), 'utf8')).toContain('retired');
  });

  test('only once for a command that could not be started', async () => {
    const world = temporaryWorld();
    const started = await startWaking(world, ['./no-such-program']);
    const wakes = await allWakes(world, started);
    expect(wakes).toMatchObject([{ trigger: 'reactive', names: expect.arrayContaining(['result.toml']) }]);
  });

  test('also when it crashes', async () => {
    const world = temporaryWorld();
    const started = await startWaking(world, ['sh', '-c', 'echo ready; exec sleep 600']);
    await until(() => wakesOf(world).length > 0, 'a wake', PATIENCE_MS);
    process.kill(started.supervisorPid, 'SIGUSR2');
    expect(await resultOf(started)).toMatchObject({ reason: 'supervisor-crashed' });
    const last = (await allWakes(world, started)).at(-1);
    expect(last).toMatchObject({ trigger: 'reactive', names: expect.arrayContaining(['result.toml']) });
  });
});

test.each(['throws', 'rejects', 'never settles'])('one who %s when woken breaks and delays nothing', async (mood) => {
  const world = temporaryWorld();
  writeFileSync(join(world.project, 'mood'), mood);
  const started = await startWaking(world, ['sh', '-c', RUNS_ON]);
  await printed(started, /ready/);
  await until(() => wakesOf(world).length > 3, 'some wakes', PATIENCE_MS);
  writeFileSync(join(world.project, 'go'), '');
  expect(await resultOf(started)).toMatchObject({ status: 'failure', exitCode: 3 });
  expect((await allWakes(world, started)).at(-1)?.trigger).toBe('reactive');
  expect(existsSync(join(started.session.directory, 'supervisor.log'))).toBe(false);
});

/** Collects what wakes whom, by name. */
function collected(woken: string[], name: string, wakeEveryMs?: number): Wakes {
  return new Wakes({ onWake: ({ trigger }) => woken.push(`${name} ${trigger}`), wakeEveryMs }, SESSION);
}

test('a session that is over before it was told of is told of once', async () => {
  const woken: string[] = [];
  const [short, long] = [collected(woken, 'short', 10), collected(woken, 'long')];
  short.begin();
  long.begin();
  short.end();
  await until(() => woken.includes('long reactive'), 'the wake of another that began as early');
  expect(woken).toEqual(['short reactive', 'long reactive']);
  long.end();
});

test('a time that is too long for a timer does not wake without a pause', async () => {
  const woken: string[] = [];
  const wakes = collected(woken, 'slow', 2 ** 40);
  wakes.begin();
  await until(() => woken.length > 0, 'the first wake');
  wakes.end();
  expect(woken).toEqual(['slow reactive', 'slow reactive']);
});

test('a process that has nothing to do but to wake others ends', () => {
  const script = `import { Wakes } from ${JSON.stringify(pathToFileURL(WAKES).href)};
    new Wakes({ onWake: () => console.log('woken'), wakeEveryMs: 1 }, { directory: '/', project: '/' }).begin();`;
  const { status, stdout } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, '']);
});
