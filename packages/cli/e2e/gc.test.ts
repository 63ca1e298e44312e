import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import {
  builtCsa,
  endSession,
  hashTree,
  type MaterializedFixture,
  materialize,
  type RunResult,
  runCsa,
  sessionDirectory,
  temporaryDirectory,
  temporaryWorld,
  testNode,
  until,
  type World,
} from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute, waitFor } from './answer.ts';
import { eventIds, eventsIn } from './event-stream.ts';
import { hookRunners } from './hook-runners.ts';
import { commandPid, openGate, sessionFile, startGated, startJob, supervisorPid } from './job.ts';
import { isRunning, OWN_MOUNTS, program, run, shell } from './program.ts';

const NOW = ['--older-than', '0'];

function gc(world: World, ...flags: string[]): Promise<RunResult> {
  return runCsa(['session', 'gc', ...flags], { world });
}

/** A clean-up's document, checked by its schema. */
async function gcDocument(world: World, ...flags: string[]) {
  const { code, stdout, stderr } = await gc(world, '--json', ...flags);
  const document = JSON.parse(stdout);
  expect([faultsOf('session-gc', document), document.exit, stderr]).toEqual([[], code, '']);
  return document;
}

function sessions(world: World): string {
  return dirname(sessionDirectory(world, 'x'));
}

function names(world: World): string[] {
  return readdirSync(sessions(world)).sort();
}

/** A session that has ended, its supervisor gone. */
async function finished(world: World, command: readonly string[] = ['true']): Promise<string> {
  const id = await startJob(command, { world });
  await waitFor([id, '--cap', '30s'], { world });
  await until(() => !isRunning(supervisorPid(world, id)), 'the supervisor to leave');
  return id;
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

describe('a dry run', () => {
  it('changes nothing, and prints what a run then does', async () => {
    const world = temporaryWorld();
    const ids = [await finished(world), await finished(world, ['sh', '-c', 'exit 3'])];
    const before = hashTree(world.stateRoot);
    const dry = await gc(world, '--dry-run', ...NOW);
    expect(hashTree(world.stateRoot)).toBe(before);
    expect([dry.code, dry.stderr]).toEqual([0, expect.stringMatching(/^Would remove 2, .*--dry-run.*\n$/)]);
    const document = await gcDocument(world, '--dry-run', ...NOW);
    expect(document).toMatchObject({ dry_run: true, failed: [], kept: {} });
    expect(hashTree(world.stateRoot)).toBe(before);
    const wet = await gc(world, ...NOW);
    const ageless = (text: string): string => text.replace(/ \d+s +/g, ' ');
    expect([wet.code, ageless(wet.stdout)]).toEqual([0, ageless(dry.stdout)]);
    expect(wet.stderr).toMatch(/^Removed 2, .* freed\n$/);
    expect(dry.stdout.split('\n').map((line) => line.split(/ +/)[0])).toEqual(['ID', ids[1], ids[0], '']);
    expect(document.removed.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
    expect(names(world)).toEqual([]);
  });

  it('of nothing says so', async () => {
    const { code, stdout, stderr } = await gc(temporaryWorld(), '--dry-run');
    expect([code, stdout, stderr]).toEqual([0, '', 'Nothing to remove\n']);
  });
});

describe('what stays', () => {
  it('is what is alive, unknown, young, among the newest, or has a process that still runs', async () => {
    const world = temporaryWorld();
    const old = await finished(world);
    const newest = await finished(world);
    const alive = await startGated(world);
    const unknown = await startGated(world);
    const daemon = sessionFile(world, unknown, 'daemon.pid');
    writeFileSync(join(sessionDirectory(world, unknown), 'daemon.pid'), 'nonsense');
    const survived = await startGated(world);
    const survivor = await commandPid(world, survived);
    process.kill(supervisorPid(world, survived), 'SIGKILL');
    await waitFor([survived, '--cap', '30s'], { world });
    expect(await gcDocument(world)).toMatchObject({ removed: [], kept: { 'too-young': 2, alive: 1, unknown: 1 } });
    const first = await gcDocument(world, ...NOW, '--keep', '4');
    expect(first.removed.map(({ id }: { id: string }) => id)).toEqual([old]);
    expect(first).toMatchObject({
      kept: { newest: 1, alive: 1, unknown: 1, survivor: 1 },
      spared: [],
      bytes: expect.any(Number),
    });
    const [named] = first.survivors;
    expect(named).toMatchObject({ id: survived, pid: survivor });
    const words = await gc(world, ...NOW, '--keep', '4');
    expect(words.stderr).toContain(`${survived} stays: process ${survivor} of its command still runs`);
    expect(names(world)).toEqual([newest, alive, unknown, survived].sort());
    expect((await shell(named.cmd, { world, cwd: '/' })).code).toBe(0);
    expect((await gcDocument(world, ...NOW)).removed.map(({ id }: { id: string }) => id)).toEqual([survived, newest]);
    writeFileSync(join(sessionDirectory(world, unknown), 'daemon.pid'), daemon);
    openGate(world);
    for (const id of [alive, unknown]) expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(0);
  });

  it('is what a background process of a finished command still writes to', async () => {
    const world = temporaryWorld();
    const id = await finished(world, ['sh', '-c', 'setsid sleep 300 & exit 0']);
    onTestFinished(() => endSession(world, id));
    expect(await gcDocument(world, ...NOW)).toMatchObject({ removed: [], survivors: [{ id }] });
    endSession(world, id);
    expect((await gcDocument(world, ...NOW)).removed).toHaveLength(1);
  });

  it('is what a hook still reads, until what it has started is gone; a stop leaves that alone', async () => {
    const world = temporaryWorld();
    const hook = 'touch begun; until [ -e go ]; do sleep 0.05; done; sleep 300 & echo $! >.left && mv .left left';
    const id = await startJob(['true'], { world }, ['--on-exit', hook]);
    await until(() => existsSync(join(world.project, 'begun')), 'the hook', 30_000);
    expect(await gcDocument(world, ...NOW)).toMatchObject({ removed: [], kept: { hook: 1 }, survivors: [] });
    expect((await gc(world, ...NOW)).stderr).toContain('Kept 1: a hook, or what it has started, still runs');
    expect(names(world)).toEqual([id]);
    openGate(world);
    const left = await until(() => readIfThere(join(world.project, 'left')), 'the end of the hook', 30_000);
    expect((await runCsa(['session', 'stop', id], { world })).code).toBe(0);
    expect([(await gcDocument(world, ...NOW)).kept, isRunning(Number(left))]).toEqual([{ hook: 1 }, true]);
    process.kill(Number(left), 'SIGKILL');
    await until(() => hookRunners(world).length === 0, 'the end of the runner', 30_000);
    expect((await gcDocument(world, ...NOW)).removed).toHaveLength(1);
  });

  it('is the session itself of a hook that cleans up', async () => {
    const world = temporaryWorld();
    const other = await finished(world);
    const hook = `"${testNode()}" "${builtCsa}" session gc --older-than 0 --json >.g && mv .g garbage`;
    const id = await startJob(['true'], { world }, ['--on-exit', hook]);
    const document = JSON.parse(await until(() => readIfThere(join(world.project, 'garbage')), 'the clean-up', 30_000));
    expect(document.removed).toMatchObject([{ id: other }]);
    expect([document.kept, names(world)]).toEqual([{ hook: 1 }, [id]]);
  });

  it('is everything beside the sessions, and every other project', async () => {
    const world = temporaryWorld();
    await finished(world);
    mkdirSync(join(sessions(world), '.git/objects'), { recursive: true });
    mkdirSync(join(sessions(world), '.new-0123456789abcdef'));
    writeFileSync(join(sessions(world), 'cooldown-marker.toml'), '');
    const elsewhere = (await runCsa(['session', 'start', '--cd', world.home, '--', 'true'], { world })).stdout.trim();
    await waitFor([elsewhere, '--cap', '30s'], { world });
    await gc(world, ...NOW);
    expect(names(world)).toEqual(['.git', '.new-0123456789abcdef', 'cooldown-marker.toml']);
    expect((await runCsa(['session', 'status', elsewhere], { world })).code).toBe(0);
    await until(async () => (await gcDocument(world, ...NOW, '--all-projects')).removed.length === 1, 'its removal');
    expect((await runCsa(['session', 'status', elsewhere], { world })).code).toBe(125);
  });

  it('is the legacy root, which is only read', async () => {
    const { world, session } = materialize('01-finished-success');
    renameSync(world.stateRoot, join(dirname(world.stateRoot), 'csa'));
    expect(await gcDocument(world, ...NOW)).toMatchObject({ removed: [], kept: { 'read-only-root': 1 } });
    expect((await runCsa(['session', 'status', session], { world })).code).toBe(0);
  });

  it.each(['07-alive-daemon', '15-legacy-pid-only-matching-cmdline', '20-tier-failover-superseded-alive'])(
    'is the foreign session %s',
    async (name) => {
      const { world } = materialize(name);
      expect((await gcDocument(world, ...NOW)).removed).toEqual([]);
    },
  );

  it.each(['01-finished-success', '09-dead-no-result-recent', '10-dead-no-result-stale', '16-pid-reused'])(
    'is not the foreign session %s',
    async (name) => {
      const { world, session } = materialize(name) satisfies MaterializedFixture;
      const { removed } = await gcDocument(world, ...NOW);
      expect(removed.map(({ id }: { id: string }) => id)).toContain(session);
      expect(existsSync(sessionDirectory(world, session))).toBe(false);
    },
  );

  it('is not a wrapper without what it stands for', async () => {
    const { world } = materialize('17-resume-alias');
    expect((await gcDocument(world, ...NOW)).removed).toHaveLength(2);
    expect(names(world)).toEqual([]);
  });
});

describe('events of sessions that are removed', () => {
  const journal = (world: World): string => join(dirname(sessions(world)), 'events.1.jsonl');

  it('are not missed by a reader that comes back', async () => {
    const world = temporaryWorld();
    const first = await finished(world);
    await runCsa(['session', 'events'], { world });
    const failed = await finished(world, ['sh', '-c', 'exit 9']);
    const dead = await startGated(world);
    endSession(world, dead);
    await waitFor([dead, '--cap', '30s'], { world });
    expect((await gcDocument(world, ...NOW)).removed).toHaveLength(3);
    const missed = [`${failed}.started`, `${failed}.finished`, `${dead}.started`, `${dead}.dead`];
    expect(await eventIds(world, '--since', `${first}.finished`)).toEqual(missed);
    expect(await eventIds(world, '--since', first)).toEqual([`${first}.finished`, ...missed]);
    const { stdout } = await runCsa(['session', 'events', '--json', '--since', `${failed}.started`], { world });
    expect(eventsIn(stdout)[0]).toMatchObject({ type: 'finished', exit: 9, status: 'failure' });
  });

  it('are not missed in other projects, and a silence is not told', async () => {
    const world = temporaryWorld();
    const there = { world, cwd: world.home };
    const first = await startJob(['true'], there);
    await waitFor([first, '--cap', '30s'], there);
    await runCsa(['session', 'events'], there);
    const second = await startJob(['true'], there);
    await waitFor([second, '--cap', '30s'], there);
    const silent = await startJob(['sleep', '300'], there);
    await until(async () => (await gcDocument(world, ...NOW, '--all-projects')).removed.length > 0, 'the removal');
    const ids = [`${first}.finished`, `${second}.started`, `${second}.finished`, `${silent}.started`];
    expect(await eventIds(world, '--cd', world.home, '--since', first)).toEqual(ids);
    expect((await runCsa(['session', 'stop', silent], there)).code).toBe(0);
  });

  it('are written down by no dry run, and not where nobody has ever read any', async () => {
    const world = temporaryWorld();
    await finished(world);
    await gc(world, ...NOW);
    expect(existsSync(journal(world))).toBe(false);
    await finished(world);
    await runCsa(['session', 'events'], { world });
    await finished(world);
    const before = hashTree(world.stateRoot);
    expect((await gc(world, '--dry-run', ...NOW)).code).toBe(0);
    expect(hashTree(world.stateRoot)).toBe(before);
  });

  it('that cannot be written down keep the sessions; those that are told already do not', async () => {
    const world = temporaryWorld();
    await finished(world);
    await runCsa(['session', 'events'], { world });
    const readOnly = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';
    const guarded = (...flags: string[]) =>
      run(
        [...OWN_MOUNTS, 'sh', '-c', readOnly, 'sh', journal(world), testNode(), builtCsa, 'session', 'gc', ...flags],
        { world },
      );
    expect((await guarded(...NOW)).stderr).toMatch(/^Removed 1/m);
    const untold = await finished(world, ['sh', '-c', 'exit 9']);
    const { code, stdout, stderr } = await guarded(...NOW);
    expect([code, stdout, names(world)]).toEqual([125, '', [untold]]);
    expect(stderr).toMatch(/^csa: nothing was removed: .*, got EROFS\. .*delete these files/);
    const marker = parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '').at(0);
    expect(attribute(marker, 'reason')).toBe('events-unwritable');
    expect((await shell(attribute(marker, 'cmd') ?? 'false', { world, cwd: '/' })).code).toBe(0);
    const document = JSON.parse((await guarded(...NOW, '--json')).stdout);
    expect([document.schema, document.reason]).toEqual(['csa.error/1', 'events-unwritable']);
    rmSync(journal(world));
    expect((await gcDocument(world, ...NOW)).removed).toHaveLength(1);
  });
});

describe('what was cut off', () => {
  /** A clean-up that is killed at the nth of these calls; what it leaves beside the sessions. */
  async function cutOff(world: World, call: string, nth: number): Promise<{ id: string; left: string | undefined }> {
    const id = await finished(world);
    const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${nth}`];
    const killed = await run(
      ['strace', '-f', '-qq', '-o', '/dev/null', ...inject, testNode(), builtCsa, 'session', 'gc', ...NOW],
      { world },
    );
    expect(killed.signal).toBe('SIGKILL');
    const [left] = names(world);
    return { id, left };
  }

  /** Ends when the test does. */
  function bearer(world: World, id: string): void {
    const held = program(['sleep', '300'], { world, env: { CSA_SESSION_ID: id } });
    onTestFinished(() => held.kill('SIGKILL'));
  }

  it.each([
    ['rename', 2, /^\.gone-/],
    ['unlinkat', 1, /^\.removing-/],
    ['unlinkat', 3, /^\.removing-/],
  ])(
    'at %s %i is never half there under its own name, and is finished by the next clean-up',
    async (call, nth, name) => {
      const world = temporaryWorld();
      const { id, left } = await cutOff(world, call, nth);
      expect([name.test(left ?? ''), left]).toEqual([true, expect.stringContaining(id)]);
      const { removed } = await gcDocument(world, '--dry-run');
      expect(removed).toMatchObject([{ kind: 'gone', id: left, state: null }]);
      const { stdout } = await gc(world);
      expect(stdout).toContain('a removal that was cut off');
      expect(names(world)).toEqual([]);
    },
  );

  it('in the middle never comes back as half a session, whatever still bears its id', async () => {
    const world = temporaryWorld();
    const { id } = await cutOff(world, 'unlinkat', 3);
    bearer(world, id);
    expect((await gcDocument(world)).removed).toHaveLength(1);
    expect(names(world)).toEqual([]);
    expect(attribute((await waitFor([id], { world })).status, 'reason')).toBe('not-found');
  });

  it('before anything was missing is put back whole when something still bears its id', async () => {
    const world = temporaryWorld();
    const { id } = await cutOff(world, 'rename', 2);
    bearer(world, id);
    expect(await gcDocument(world)).toMatchObject({ removed: [], spared: [{ why: 'it has come to life' }] });
    expect(names(world)).toEqual([id]);
    expect((await waitFor([id], { world })).code).toBe(0);
  });

  it('is put back when the session turns out to be alive', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const gone = join(sessions(world), `.gone-${id}-0123456789ab`);
    renameSync(sessionDirectory(world, id), gone);
    expect(await gcDocument(world)).toMatchObject({ removed: [], spared: [{ why: 'it has come to life' }] });
    expect(names(world)).toEqual([id]);
    openGate(world);
    expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(0);
  });

  it('of a start is removed an hour later, unless a supervisor holds it', async () => {
    const world = temporaryWorld();
    const held = await startGated(world);
    const old = join(sessions(world), '.new-0123456789abcdef');
    const young = join(sessions(world), '.new-1123456789abcdef');
    const living = join(sessions(world), '.new-2123456789abcdef');
    for (const directory of [old, young]) mkdirSync(join(directory, 'output'), { recursive: true });
    renameSync(sessionDirectory(world, held), living);
    for (const directory of [old, living]) {
      for (const name of readdirSync(directory)) utimesSync(join(directory, name), 1_000_000, 1_000_000);
      utimesSync(directory, 1_000_000, 1_000_000);
    }
    const { removed } = await gcDocument(world);
    expect(removed).toMatchObject([{ kind: 'unborn', directory: old }]);
    expect([old, young, living].map((directory) => existsSync(directory))).toEqual([false, true, true]);
    renameSync(living, sessionDirectory(world, held));
    openGate(world);
  });
});

it('links that point outside are removed, not followed', async () => {
  const world = temporaryWorld();
  const outside = temporaryDirectory();
  writeFileSync(join(outside, 'precious'), 'precious');
  const id = await finished(world);
  symlinkSync(outside, join(sessionDirectory(world, id), 'output', 'link'));
  symlinkSync(join(outside, 'precious'), join(sessionDirectory(world, id), 'link'));
  expect((await gc(world, ...NOW)).code).toBe(0);
  expect([names(world), readFileSync(join(outside, 'precious'), 'utf8')]).toEqual([[], 'precious']);
});

it('a link in place of a session is none', async () => {
  const world = temporaryWorld();
  const id = await finished(world);
  const outside = join(temporaryDirectory(), id);
  renameSync(sessionDirectory(world, id), outside);
  symlinkSync(outside, sessionDirectory(world, id));
  await gc(world, ...NOW);
  expect(existsSync(join(outside, 'result.toml'))).toBe(true);
});

it('of several at once each session is removed by one, and none of them fails', async () => {
  const world = temporaryWorld();
  const ids = await Promise.all(Array.from({ length: 6 }, () => finished(world)));
  const documents = await Promise.all([1, 2, 3].map(() => gcDocument(world, ...NOW)));
  const removed = documents.flatMap((document) => document.removed as Array<{ id: string; kind: string }>);
  const whole = removed.filter(({ kind }) => kind === 'session').map(({ id }) => id);
  expect(whole.sort()).toEqual(ids.sort());
  expect(documents.map(({ exit }) => exit)).toEqual([0, 0, 0]);
  expect(names(world)).toEqual([]);
});

it('a session that was removed is not found any more', async () => {
  const world = temporaryWorld();
  const id = await finished(world);
  await gc(world, ...NOW);
  expect(attribute((await waitFor([id], { world })).status, 'reason')).toBe('not-found');
});

it('what cannot be removed is named and counted, and the rest goes', async () => {
  const world = temporaryWorld();
  const ids = [await finished(world), await finished(world)].sort();
  const [stuck = '', free = ''] = ids;
  const keep = join(sessionDirectory(world, stuck), 'output');
  const mounted = 'mount --bind "$1" "$1" && shift && exec "$@"';
  const { code, stdout, stderr } = await run(
    [...OWN_MOUNTS, 'sh', '-c', mounted, 'sh', keep, testNode(), builtCsa, 'session', 'gc', ...NOW],
    { world },
  );
  expect([code, stdout]).toEqual([125, expect.stringContaining(free)]);
  expect(stderr).toMatch(new RegExp(`^${stuck} could not be removed: E\\w+ at /.*$`, 'm'));
  const marker = parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '').at(0);
  expect([attribute(marker, 'reason'), attribute(marker, 'failed')]).toEqual(['gc-incomplete', '1']);
  expect(existsSync(sessionDirectory(world, free))).toBe(false);
  expect((await shell(attribute(marker, 'cmd') ?? 'false', { world, cwd: '/' })).code).toBe(0);
  expect((await gc(world, ...NOW)).code).toBe(0);
  expect(names(world)).toEqual([]);
});

it('a plan that cannot be told is not carried out', async () => {
  const world = temporaryWorld();
  const id = await finished(world);
  const { code, stderr } = await shell(`"${testNode()}" "${builtCsa}" session gc --older-than 0 >/dev/full`, { world });
  expect([code, stderr, names(world)]).toEqual([125, expect.stringContaining('reason=output-lost'), [id]]);
});

it.each([
  [['--older-than', 'x'], 'bad-duration'],
  [['--older-than', '9999d'], 'out-of-range'],
  [['--older-than', '-1s'], 'bad-duration'],
  [['--older-than', ''], 'bad-duration'],
  [['--keep', '-1'], 'bad-keep'],
  [['--keep=-1'], 'bad-keep'],
  [['--keep', 'all'], 'bad-keep'],
  [['--keep', '1.5'], 'bad-keep'],
  [['--all-projects', '--cd', '.'], undefined],
])('%j is refused, and nothing is removed', async (flags, reason) => {
  const world = temporaryWorld();
  const id = await finished(world);
  const { code, stdout, stderr } = await gc(world, ...NOW.slice(0, flags[0] === '--older-than' ? 0 : 2), ...flags);
  expect([code, stdout, names(world)]).toEqual([125, '', [id]]);
  if (reason !== undefined) expect(stderr).toMatch(/^csa: --[a-z-]+ is .*: expected .*, got "/);
  const marker = parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '').at(0);
  expect(attribute(marker, 'reason')).toEqual(reason ?? expect.any(String));
});
