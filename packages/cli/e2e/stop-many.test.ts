import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { builtCsa, runCsa, sessionDirectory, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute, waitFor } from './answer.ts';
import { commandPid, sessionFile, startGated, startJob, supervisorPid } from './job.ts';
import { isRunning, program } from './program.ts';

const ABSENT = '01M0F77JH0BVPHYFAVF40A3GZ5';

function stop(world: World, ...args: string[]) {
  return runCsa(['session', 'stop', ...args], { world });
}

async function stateOf(world: World, id: string): Promise<string> {
  return JSON.parse((await runCsa(['session', 'status', id, '--json'], { world })).stdout).state;
}

/** A session with labels, by the file that a start would write them to. */
async function startLabelled(world: World, ...labels: string[]): Promise<string> {
  const id = await startGated(world);
  const path = join(sessionDirectory(world, id), 'metadata.toml');
  writeFileSync(path, `${readFileSync(path, 'utf8')}labels = ${JSON.stringify(labels)}\n`);
  return id;
}

async function killSupervisor(world: World, id: string): Promise<void> {
  const pid = supervisorPid(world, id);
  process.kill(pid, 'SIGKILL');
  await until(() => !isRunning(pid), 'the end of the supervisor');
}

/** Makes nobody able to say whether a session's supervisor lives: its record names another machine. */
function makeUnknown(world: World, id: string): void {
  const [pid, ticks, boot, , namespace] = sessionFile(world, id, 'daemon.pid').trim().split(' ');
  const record = [pid, ticks, boot, 'f'.repeat(32), namespace].join(' ');
  writeFileSync(join(sessionDirectory(world, id), 'daemon.pid'), `${record}\n`);
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

describe('several sessions named', () => {
  it('are all stopped, and told of in their order, each once', async () => {
    const world = temporaryWorld();
    const ids = [await startGated(world), await startGated(world), await startJob(['sh', '-c', 'exit 3'], { world })];
    const [a = '', b = '', done = ''] = ids;
    await waitFor([done, '--cap', '30s'], { world });
    const { code, stdout, stderr } = await stop(world, b, a, done, b.toLowerCase(), '--reason', 'the end');
    expect([code, stderr]).toEqual([0, '']);
    expect(linesOf(stdout)).toEqual([
      `${b} stopped: signal, exit 143`,
      `${a} stopped: signal, exit 143`,
      `${done} had finished already: failure, exit 3`,
    ]);
    for (const id of [a, b]) expect(sessionFile(world, id, 'stop-request.toml')).toContain('the end');
  });

  it('are stopped although one of them is not there or cannot be proven', async () => {
    const world = temporaryWorld();
    const [a, foreign, b] = [await startGated(world), await startGated(world), await startGated(world)];
    const command = await commandPid(world, foreign);
    makeUnknown(world, foreign);
    const { code, stdout, stderr } = await stop(world, ABSENT, a, foreign, b);
    expect(code).toBe(125);
    expect(linesOf(stdout)).toEqual([
      expect.stringMatching(`^${ABSENT} not stopped \\(not-found\\): `),
      `${a} stopped: signal, exit 143`,
      expect.stringMatching(`^${foreign} not stopped \\(unknown-liveness\\): `),
      `${b} stopped: signal, exit 143`,
    ]);
    expect(stderr).toContain('2 of 4 sessions could not be stopped');
    const marker = parseMarkers(stderr).at(-1);
    expect([marker?.name, attribute(marker, 'reason')]).toEqual(['SESSION_ERROR', 'not-all-stopped']);
    expect(linesOf(stderr).at(-1)).toMatch(/^<!-- CSA:SESSION_ERROR /);
    expect(isRunning(command)).toBe(true);
  });

  it('are side by side: one that takes its time holds up no other', async () => {
    const world = temporaryWorld();
    const slow = await startJob(
      ['sh', '-c', 'trap "until [ -e go ]; do :; done; exit" TERM; : >ready; while :; do :; done'],
      {
        world,
      },
    );
    await until(() => readIfThere(join(world.project, 'ready')) !== undefined, 'the trap');
    const quick = await startGated(world);
    const stopping = program([testNode(), builtCsa, 'session', 'stop', slow, quick, '--grace', '1h'], { world });
    await until(async () => (await stateOf(world, quick)) === 'finished', 'the end of the quick one');
    expect(await stateOf(world, slow)).toBe('alive');
    writeFileSync(join(world.project, 'go'), '');
    const { code, stdout } = await stopping.ended;
    expect([code, linesOf(stdout).map((line) => line.slice(0, 26))]).toEqual([0, [slow, quick]]);
  });

  it('a word that can be no id stops nothing', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const { code, stdout, stderr } = await stop(world, id, '../x');
    expect([code, stdout, attribute(parseMarkers(stderr).at(-1), 'reason')]).toEqual([125, '', 'invalid-id']);
    expect(await stateOf(world, id)).toBe('alive');
  });

  it('are in one JSON document, each with its own trouble', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const { code, stdout, stderr } = await stop(world, id, ABSENT, '--json');
    expect([code, stderr, linesOf(stdout).length]).toEqual([125, '', 1]);
    const document = JSON.parse(stdout);
    expect(faultsOf('session-stop-many', document)).toEqual([]);
    expect(document).toMatchObject({
      exit: 125,
      reason: 'not-all-stopped',
      message: '1 of 2 sessions could not be stopped',
      sessions: [
        { session: id, stopped: 'stopped', status: 'signal', exit: 143, reason: null },
        { session: ABSENT, stopped: null, reason: 'not-found', message: expect.stringContaining(ABSENT) },
      ],
    });
  });
});

describe('--all', () => {
  it('stops what has not finished in the project, and leaves the rest as it is', async () => {
    const world = temporaryWorld();
    const alive = [await startGated(world), await startGated(world), await startGated(world)];
    const done = await startJob(['sh', '-c', 'sleep 600 & echo $! >left; exit 4'], { world });
    await waitFor([done, '--cap', '30s'], { world });
    const background = Number(readIfThere(join(world.project, 'left')));
    const { code, stdout } = await stop(world, '--all', '--reason', 'closing time');
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual(alive.toReversed().map((id) => `${id} stopped: signal, exit 143`));
    expect(isRunning(background)).toBe(true);
    expect((await stop(world, done)).code).toBe(0);
    for (const id of alive) expect(await stateOf(world, id)).toBe('finished');
  });

  it('ends what outlived a dead supervisor, and passes over a dead session of which nothing runs', async () => {
    const world = temporaryWorld();
    const [dead, haunted] = [await startGated(world), await startGated(world)];
    const [ended, survivor] = [await commandPid(world, dead), await commandPid(world, haunted)];
    await killSupervisor(world, dead);
    await killSupervisor(world, haunted);
    process.kill(ended, 'SIGKILL');
    await until(() => !isRunning(ended), 'the end of the command');
    await until(async () => (await stateOf(world, dead)) === 'dead', 'its death to be seen');
    const { code, stdout } = await stop(world, '--all');
    expect([code, linesOf(stdout)]).toEqual([
      0,
      [expect.stringMatching(`^${haunted} was dead already, ended what had outlived it: .*\\b${survivor}\\b`)],
    ]);
    expect(isRunning(survivor)).toBe(false);
  });

  it('tells of a session that nobody can say anything of, and does not touch it', async () => {
    const world = temporaryWorld();
    const [foreign, own] = [await startGated(world), await startGated(world)];
    const command = await commandPid(world, foreign);
    makeUnknown(world, foreign);
    const { code, stdout, stderr } = await stop(world, '--all');
    expect(code).toBe(125);
    expect(linesOf(stdout)).toEqual([
      `${own} stopped: signal, exit 143`,
      expect.stringMatching(`^${foreign} not stopped \\(unknown-liveness\\)`),
    ]);
    expect(stderr).toContain('1 of 2');
    expect(isRunning(command)).toBe(true);
  });

  it('of another project is chosen by --cd, and touches no session of this one', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const { code, stdout, stderr } = await stop(world, '--all', '--cd', world.home);
    expect([code, stdout, stderr]).toEqual([0, '', `Nothing to stop in ${world.home}.\n`]);
    expect(await stateOf(world, id)).toBe('alive');
  });

  it('inside of a session leaves that one out, and says so', async () => {
    const world = temporaryWorld();
    const other = await startGated(world);
    const words = `"${testNode()}" "${builtCsa}" session stop --all`;
    const own = await startJob(['sh', '-c', `${words}; ${words} --json; exit 9`], { world });
    expect((await waitFor([own, '--cap', '60s'], { world })).code).toBe(9);
    const [line, json = ''] = linesOf(sessionFile(world, own, 'stdout.log'));
    expect(line).toBe(`${other} stopped: signal, exit 143`);
    expect(JSON.parse(json)).toMatchObject({ exit: 0, left_out: own, sessions: [] });
    expect(faultsOf('session-stop-many', JSON.parse(json))).toEqual([]);
    expect(sessionFile(world, own, 'stderr.log')).toContain(`Left out: ${own}, in which this very stop runs`);
  });

  it('stops more sessions than are stopped side by side', async () => {
    const world = temporaryWorld();
    const ids = await Promise.all(Array.from({ length: 20 }, () => startJob(['sleep', '600'], { world })));
    const { code, stdout } = await stop(world, '--all');
    expect(code).toBe(0);
    expect(linesOf(stdout).map((line) => line.split(' ')[0])).toEqual(ids.sort().reverse());
  });
});

describe('--label', () => {
  it('means those with all of these labels', async () => {
    const world = temporaryWorld();
    const both = await startLabelled(world, 'branch=main', 'kind=test');
    const one = await startLabelled(world, 'branch=main', 'kind=build');
    const none = await startGated(world);
    const labels = ['--label', 'branch=main', '--label', 'kind=test'];
    const first = await stop(world, ...labels);
    expect([first.code, first.stdout]).toEqual([0, `${both} stopped: signal, exit 143\n`]);
    expect((await stop(world, ...labels)).stderr).toMatch(/^Nothing to stop in /);
    expect([await stateOf(world, one), await stateOf(world, none)]).toEqual(['alive', 'alive']);
    const rest = await stop(world, '--all', '--label', 'branch=main');
    expect([rest.code, rest.stdout]).toEqual([0, `${one} stopped: signal, exit 143\n`]);
    expect(await stateOf(world, none)).toBe('alive');
  });

  it.each(['branch', '=main', 'a b=c', `key=${'x'.repeat(201)}`, 'key=\u001b[31m'])(
    'refuses %j and stops nothing',
    async (label) => {
      const world = temporaryWorld();
      const id = await startGated(world);
      const { code, stdout, stderr } = await stop(world, '--label', label);
      expect([code, stdout, attribute(parseMarkers(stderr).at(-1), 'reason')]).toEqual([125, '', 'bad-label']);
      expect(await stateOf(world, id)).toBe('alive');
    },
  );
});

it.each([
  ['--all with an id', (id: string) => ['--all', id]],
  ['--all with --dir', (id: string, world: World) => ['--all', '--dir', sessionDirectory(world, id)]],
  ['--label with an id', (id: string) => ['--label', 'a=b', id]],
  ['--dir with two ids', (id: string, world: World) => ['--dir', sessionDirectory(world, id), id, id]],
])('%s is a contradiction, and stops nothing', async (_what, words) => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const { code, stdout, stderr } = await stop(world, ...words(id, world));
  expect([code, stdout, attribute(parseMarkers(stderr).at(-1), 'reason')]).toEqual([125, '', 'usage']);
  expect(await stateOf(world, id)).toBe('alive');
});

it('one session by itself keeps its own document', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const documents = [await stop(world, id, '--json'), await stop(world, id, '--json')].map(({ stdout }) =>
    JSON.parse(stdout),
  );
  for (const document of documents) expect(faultsOf('session-stop', document)).toEqual([]);
  expect(documents.map(({ stopped, exit }) => [stopped, exit])).toEqual([
    ['stopped', 143],
    ['had finished already', 143],
  ]);
});

it('result and status say who asked, when, why and how', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const before = Date.now();
  await stop(world, id, '--reason', 'wrong\u001b[31m branch', '--signal', 'INT', '--grace', '3s');
  for (const verb of ['result', 'status']) {
    const { stdout } = await runCsa(['session', verb, id], { world });
    expect(stdout).toMatch(/^stop asked +by \S+ \(process \d+\) at \S+Z, SIGINT, grace 3s: wrong branch$/m);
    const document = JSON.parse((await runCsa(['session', verb, id, '--json'], { world })).stdout);
    expect(document.stop_request).toMatchObject({ why: 'wrong branch', signal: 'SIGINT', grace_ms: 3_000 });
    expect(Date.parse(document.stop_request.at)).toBeGreaterThanOrEqual(before);
  }
});

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
