import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import {
  builtCsa,
  materialize,
  type RunResult,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  testNode,
  type World,
} from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute, waitFor } from './answer.ts';
import { openGate, startGated, startJob, supervisorPid } from './job.ts';
import { idAt, makeEmptySessions, makeFinished, makeHostile } from './many-sessions.ts';
import { run } from './program.ts';

interface Listed {
  readonly id: string;
  readonly short_id: string;
  readonly state: string;
  readonly exit: number | null;
  readonly project: string;
}

interface List {
  readonly total: number;
  readonly shown: number;
  readonly beyond_limit: number;
  readonly sessions: readonly Listed[];
}

const LONG_AGO = Date.parse('2026-01-01T00:00:00Z');

function list(world: World, ...args: string[]): Promise<RunResult> {
  return runCsa(['session', 'list', ...args], { world });
}

async function listed(world: World, ...args: string[]): Promise<List> {
  const { code, stdout, stderr } = await list(world, ...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  const document = JSON.parse(stdout);
  expect(faultsOf('session-list', document)).toEqual([]);
  expect(document.shown).toBe(document.sessions.length);
  return document;
}

async function idsOf(world: World, ...args: string[]): Promise<string[]> {
  return (await listed(world, ...args)).sessions.map(({ id }) => id);
}

async function ended(world: World, script: string, flags: string[] = []): Promise<string> {
  const id = await startJob(['sh', '-c', script], { world }, flags);
  await waitFor([id, '--cap', '30s'], { world });
  return id;
}

/** One session in each state, newest first. */
async function everyState(world: World) {
  const failed = await ended(world, 'exit 3', ['--tool', 'make']);
  const success = await ended(world, 'exit 0');
  const unknown = await startGated(world);
  writeFileSync(join(sessionDirectory(world, unknown), 'daemon.pid'), 'nonsense');
  const dead = await startGated(world);
  process.kill(supervisorPid(world, dead), 'SIGKILL');
  const alive = await startGated(world);
  return { alive, dead, unknown, success, failed };
}

describe('the filters', () => {
  it('choose by state, tool and time', async () => {
    const world = temporaryWorld();
    const ids = await everyState(world);
    const old = idAt(LONG_AGO, '1');
    makeFinished(world, old, 5);
    const { alive, dead, unknown, success, failed } = ids;
    const cases: ReadonlyArray<readonly [string, readonly string[]]> = [
      ['', [alive, dead, unknown, success, failed, old]],
      ['--state alive', [alive]],
      ['--state dead', [dead]],
      ['--state unknown', [unknown]],
      ['--state finished', [success, failed, old]],
      ['--state failed,dead', [dead, failed, old]],
      ['--state alive --state success', [alive, success]],
      ['--tool make', [failed]],
      ['--tool make --state alive', []],
      ['--since 1h --state failed', [failed]],
    ];
    for (const [words, wanted] of cases) {
      expect([words, await idsOf(world, ...words.split(' ').filter((word) => word !== ''))]).toEqual([words, wanted]);
    }
    openGate(world);
  });

  it('choose by labels, all of which must hold', async () => {
    const world = temporaryWorld();
    const id = await ended(world, 'exit 0');
    const other = await ended(world, 'exit 0');
    const metadata = (labels: string): string => `tool = "sh"\nresult_published = "once"\nlabels = [${labels}]\n`;
    writeFileSync(join(sessionDirectory(world, id), 'metadata.toml'), metadata('"team=api", "run=7"'));
    writeFileSync(join(sessionDirectory(world, other), 'metadata.toml'), metadata('"team=api"'));
    expect(await idsOf(world, '--label', 'team=api')).toEqual([other, id]);
    expect(await idsOf(world, '--label', 'team=api', '--label', 'run=7')).toEqual([id]);
    expect(await idsOf(world, '--label', 'team=web')).toEqual([]);
    const { code, stdout, stderr } = await list(world, '--label', 'team=web');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^None of the 2 sessions in .* is one of those asked for\.\n$/);
  });

  it.each([
    [['--state', 'running'], 'bad-state'],
    [['--label', 'team'], 'bad-label'],
    [['--since', 'yesterday'], 'bad-duration'],
    [['--limit', '0'], 'bad-limit'],
    [['--all-projects', '--cd', '.'], 'usage'],
    [['--cd', '/no/such/place'], 'invalid-directory'],
  ])('refuse %j', async (args, reason) => {
    const { code, stdout, stderr } = await list(temporaryWorld(), ...args);
    expect([code, stdout]).toEqual([125, '']);
    expect(attribute(parseMarkers(stderr).at(-1), 'reason')).toBe(reason);
  });
});

describe('a short id', () => {
  it('is taken by every command, whatever its neighbours are', async () => {
    const world = temporaryWorld();
    const twins = [idAt(LONG_AGO, '10'), idAt(LONG_AGO, '11'), idAt(LONG_AGO, '2'), idAt(LONG_AGO + 1, '1')];
    for (const id of twins) makeFinished(world, id, 4);
    const { sessions } = await listed(world);
    expect(sessions.map(({ short_id }) => short_id.length)).toEqual([10, 26, 26, 25]);
    const words = await list(world);
    for (const { id, short_id } of sessions) {
      expect(words.stdout).toMatch(new RegExp(`^${short_id} `, 'm'));
      const { code, stdout } = await runCsa(['session', 'status', short_id, '--json'], { world });
      expect([code, JSON.parse(stdout).id]).toEqual([0, id]);
    }
  });
});

describe('every project', () => {
  it('is shown with whole ids and where each is', async () => {
    const world = temporaryWorld();
    const here = await ended(world, 'exit 0');
    const there = await startJob(['true'], { world }, ['--cd', world.home]);
    await waitFor([there, '--cap', '30s'], { world });
    const { sessions } = await listed(world, '--all-projects');
    expect(sessions.map(({ id, short_id, project }) => [id, short_id, project])).toEqual([
      [there, there, world.home],
      [here, here, world.project],
    ]);
    const { stdout } = await list(world, '--all-projects');
    expect(stdout).toMatch(new RegExp(`^${there} .* ${world.home}$`, 'm'));
    expect(await idsOf(world)).toEqual([here]);
  });
});

describe('of many sessions', () => {
  it('the newest are shown and looked at, the others are counted', async () => {
    const world = temporaryWorld();
    const ids = makeEmptySessions(world, 10_000, LONG_AGO);
    const trace = join(world.home, 'trace');
    const traced = ['strace', '-f', '-qq', '-e', 'trace=openat,open', '-o', trace] as const;
    const { code, stdout } = await run(
      [...traced, testNode(), builtCsa, 'session', 'list', '--limit', '20', '--json'],
      {
        world,
      },
    );
    const { sessions, total, beyond_limit } = JSON.parse(stdout) as List;
    expect([code, total, beyond_limit]).toEqual([0, 10_000, 9_980]);
    expect(sessions.map(({ id }) => id)).toEqual(ids.slice(0, 20));
    const { stdout: opened } = await run(['sh', '-c', `grep -o 'sessions/[0-9A-Z]\\{26\\}' ${trace} | sort -u`], {
      world,
    });
    expect(opened.trim().split('\n').toSorted()).toEqual(
      ids
        .slice(0, 20)
        .map((id) => `sessions/${id}`)
        .toSorted(),
    );
    const words = await list(world, '--limit', '20');
    expect(words.stdout.trimEnd().split('\n')).toHaveLength(21);
    expect(words.stderr).toMatch(/^9980 older sessions not looked at; --limit all /);
  });

  it('an old one that is alive is not hidden', async () => {
    const world = temporaryWorld();
    const alive = await startGated(world);
    const newer = Array.from({ length: 60 }, (_, i) => idAt(Date.now() + 60_000 + i, ''));
    for (const id of newer) makeFinished(world, id);
    const all = await listed(world);
    expect([all.shown, all.total, all.beyond_limit]).toEqual([51, 61, 10]);
    expect(all.sessions.at(-1)).toMatchObject({ id: alive, state: 'alive' });
    expect(await idsOf(world, '--state', 'alive')).toEqual([alive]);
    expect(await idsOf(world, '--state', 'alive', '--limit', '1')).toEqual([alive]);
    expect(await idsOf(world, '--limit', '1')).toEqual([newer.at(-1)]);
    expect((await idsOf(world, '--limit', 'all')).length).toBe(61);
    const { stderr } = await list(world);
    expect(stderr).toBe('10 older sessions not shown, none of them alive; --limit all shows every one.\n');
    openGate(world);
  });
});

describe('among hostile sessions', () => {
  it('each has a line, and hides no other', async () => {
    const world = temporaryWorld();
    const hostile = makeHostile(world, LONG_AGO);
    const good = await ended(world, 'exit 3');
    const { sessions } = await listed(world);
    expect(sessions.map(({ id }) => id)).toEqual([good, ...hostile]);
    expect(sessions[0]).toMatchObject({ state: 'finished', exit: 3 });
    expect(sessions.filter(({ exit }) => exit === 0)).toEqual([]);
    const { code, stdout } = await list(world);
    expect([code, stdout.trimEnd().split('\n').length]).toEqual([0, 2 + hostile.length]);
  });

  it('shows a foreign wrapper as what it stands for', async () => {
    const { world, session: id } = materialize('17-resume-alias');
    const { sessions } = await listed(world);
    expect(sessions.find((one) => one.id === id)).toMatchObject({ state: 'finished' });
  });

  it('does not mind one that goes away', async () => {
    const world = temporaryWorld();
    const [gone, ...rest] = makeEmptySessions(world, 3, LONG_AGO);
    rmSync(sessionDirectory(world, gone ?? ''), { recursive: true });
    expect(await idsOf(world)).toEqual(rest);
  });
});

describe('a table', () => {
  it('on a terminal is as wide as that and coloured, in an agent’s shell neither', async () => {
    const world = temporaryWorld();
    await ended(world, 'exit 3', ['--description', '測試 '.repeat(12)]);
    const line = `stty cols 70; "${testNode()}" "${builtCsa}" session list`;
    const draw = async (env: NodeJS.ProcessEnv): Promise<string> =>
      (await run(['script', '-qec', line, '/dev/null'], { world, env: { TERM: 'xterm', ...env } })).stdout;
    const drawn = await draw({});
    expect(drawn).toContain('\u001b[31mfinished\u001b[39m');
    expect(drawn).toContain('…');
    const plain = await draw({ CLAUDECODE: '1' });
    expect(plain).not.toContain('\u001b[');
    expect(plain).not.toContain('…');
  });
});
