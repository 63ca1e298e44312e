import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { heartbeatName, readBrief, refreshBrief, type Watermark } from '@csa/brief';
import { markCollected } from '@csa/brief/collected';
import { type LookupScope, sessionsDirectory, stateRoots } from '@csa/session';
import { materialize, sessionDirectory, temporaryWorld, until, type World } from '@csa/testkit';
import { on, openWarmStore } from '@csa/warm';
import { describe, expect, it } from 'vitest';
import { Hints } from '../hints.ts';
import { openSource, type ProjectBrief } from './project-source.ts';

const scopeOf = ({ project, env }: World): LookupScope => ({ project, roots: stateRoots(env) });
const open = (world: World): ProjectBrief => openSource(scopeOf(world), new Hints(['csa']));

const told = async (world: World) => (await open(world).source.content()).sessions.map(({ id, state }) => [id, state]);

/** Asks until it has risen: a change within the same tick of the clock cannot be told at once. */
async function risen(world: World, before: Watermark, what: string): Promise<void> {
  await until(async () => (await open(world).source.watermark()).sequence > before.sequence, what);
}

function plantFinished(world: World, id: string): void {
  const directory = sessionDirectory(world, id);
  mkdirSync(directory, { recursive: true });
  const times = 'started_at = "2026-01-01T00:00:00Z"\ncompleted_at = "2026-01-01T00:01:00Z"\n';
  const result = `status = "failure"\nexit_code = 1\nsummary = "s"\ntool = "sh"\n${times}`;
  writeFileSync(join(directory, 'result.toml'), result);
}

/** Waits until no change hides behind the newest one any more. */
async function settled(world: World): Promise<void> {
  const { sequence } = await open(world).source.watermark();
  await until(() => Date.now() * 1_000 > sequence + 40_000, 'the next tick of the clock');
}

function switchOn(world: World, session: string, until: number): void {
  const record = openWarmStore(world.env).record({ caller: { agent: 'other', id: 'me' }, session });
  const settings = {
    sessionDirectory: '/s',
    cwd: world.project,
    driver: { name: 'command', argv: ['/bin/false'], timeoutMs: 1_000 },
    durationGiven: true,
    ttl: { ms: 300_000, source: 'default' },
    threshold: 0,
    revive: false,
  } as const;
  record.change(on({ key: record.key, at: Date.now(), until, settings }));
}

describe('a project without sessions', () => {
  it('has nothing to say, and gets no files by being asked', async () => {
    const world = temporaryWorld();
    const { source } = open(world);
    expect(await source.watermark()).toEqual({
      records_count: 0,
      max_id: null,
      max_started_at: null,
      max_completed_at: null,
      sequence: 0,
    });
    expect(await source.content()).toMatchObject({
      project: world.project,
      sessions: [],
      counts: { alive: 0, finished: 0, dead: 0, unknown: 0 },
      warming: [],
    });
    expect([source.isWarm, await source.areAlive([])]).toEqual([true, true]);
    expect(readdirSync(world.home)).toEqual([]);
  });

  it('whose state cannot be read says so instead of nothing', async () => {
    const world = temporaryWorld();
    mkdirSync(join(world.stateRoot, '..'), { recursive: true });
    symlinkSync('cli-sub-agent', world.stateRoot);
    const { source } = open(world);
    await expect(source.watermark()).rejects.toMatchObject({ reason: 'state-root-unreadable' });
    await expect(source.content()).rejects.toMatchObject({ reason: 'state-root-unreadable' });
    expect(await source.areAlive([])).toBe(false);
  });
});

describe('the watermark', () => {
  it('stays as it is while nothing happens, for whoever asks', async () => {
    const { world } = materialize('07-alive-daemon');
    const before = await open(world).source.watermark();
    await open(world).source.content();
    expect(await open(world).source.watermark()).toEqual(before);
    expect(before).toMatchObject({ records_count: 1, max_id: expect.any(String) });
  });

  it.each<[string, (world: World, session: string, directory: string) => void]>([
    ['a session has gone', (_world, _session, directory) => rmSync(directory, { recursive: true })],
    [
      'one has come, however old',
      (_world, session, directory) => mkdirSync(directory.replace(session, `00${session.slice(2)}`)),
    ],
    [
      'a file of one was rewritten',
      (_world, _session, directory) => writeFileSync(join(directory, 'result.toml'), 'x = 1'),
    ],
    [
      'one was replaced',
      (_world, _session, directory) => {
        renameSync(directory, `${directory}-gone`);
        mkdirSync(directory);
      },
    ],
    [
      'an end was shown',
      ({ stateRoot, project }, session) => markCollected(join(stateRoot, project, '.brief'), session, { kind: 'dead' }),
    ],
    ['warming was switched', (world, session) => switchOn(world, session, Date.now() + 60_000)],
  ])('rises once %s', async (what, happen) => {
    const { world, session, dir } = materialize('02-finished-failure-exit3');
    const before = await open(world).source.watermark();
    happen(world, session, dir);
    await risen(world, before, what);
  });

  it.each(['primary', 'legacy'] as const)('rises once the newest one has gone from the %s root', async (root) => {
    const world = temporaryWorld();
    const sessions = sessionsDirectory(stateRoots(world.env)[root], world.project);
    for (const id of ['01M0F77JH0BVPHYFAVF40A3GZ5', '01M0F77JH0BVPHYFAVF40A3GZ6']) {
      mkdirSync(join(sessions, id), { recursive: true });
    }
    const before = await open(world).source.watermark();
    rmSync(join(sessions, '01M0F77JH0BVPHYFAVF40A3GZ6'), { recursive: true });
    await risen(world, before, 'the removal');
    expect(await open(world).source.watermark()).toMatchObject({ records_count: 1 });
  });
});

describe('a brief of more ended sessions than are read in passing', () => {
  const MANY = 150;

  it.each(['reactive', 'forced'] as const)(
    'that is refreshed for the first time (%s) is found to be so',
    async (trigger) => {
      const world = temporaryWorld();
      for (let n = 0; n < MANY; n += 1) plantFinished(world, `01M0F77JH0BVPHYFAVF40A${1000 + n}`);
      await settled(world);
      const { places, source } = open(world);
      const tick = { trigger: 'periodic', minIntervalMs: 0 } as const;
      expect(await refreshBrief(places, source, tick)).toMatchObject({ reason: 'source_cold' });
      expect(await refreshBrief(places, source, { trigger, minIntervalMs: 0 })).toMatchObject({ kind: 'written' });
      const next = open(world);
      const wish = { maxAgeMs: 0, now: Date.now(), capMs: 10_000 };
      expect(await readBrief(next.places, next.source, wish)).toMatchObject({ kind: 'hit' });
      expect(await refreshBrief(places, open(world).source, { trigger, minIntervalMs: 0 })).toMatchObject({
        reason: 'no_new_records',
      });
    },
  );
});

describe('whether sessions live', () => {
  it('is asked of each', async () => {
    const { world, session, pids } = materialize('07-alive-daemon');
    const { source } = open(world);
    expect(await source.areAlive([session])).toBe(true);
    expect(await source.areAlive([session, '01M0F77JH0BVPHYFAVF40A3GZ5'])).toBe(false);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await until(async () => !(await source.areAlive([session])), 'its end');
  });

  it.each(['', '..', '../../x', '01M0F77JH0BVPXNBC09W26RPT', '\0'])('is not believed of %j', async (id) => {
    const { world } = materialize('07-alive-daemon');
    expect(await open(world).source.areAlive([id])).toBe(false);
  });

  it('is not believed of one that has finished', async () => {
    const { world, session } = materialize('01-finished-success');
    expect(await open(world).source.areAlive([session])).toBe(false);
  });
});

describe('whether heartbeats go on', () => {
  it('is asked of each, by who holds it', async () => {
    const { world, session } = materialize('07-alive-daemon');
    switchOn(world, session, Date.now() + 60_000);
    const name = heartbeatName({ session, caller: 'other:me' });
    const isBeating = (...names: string[]): Promise<boolean> => open(world).source.areAlive([session, ...names]);
    expect(await isBeating(name)).toBe(false);
    const record = openWarmStore(world.env).record({ caller: { agent: 'other', id: 'me' }, session });
    const hold = await record.claim.take('heartbeat', Date.now() + 60_000);
    expect(await isBeating(name)).toBe(true);
    expect(await isBeating(name, heartbeatName({ session, caller: 'other:you' }))).toBe(false);
    if ('release' in hold) hold.release();
    expect(await isBeating(name)).toBe(false);
  });
});

describe('the content', () => {
  it('leaves out what was collected in just that way', async () => {
    const { world, session, dir } = materialize('09-dead-no-result-recent');
    expect(await told(world)).toEqual([[session, 'dead']]);
    const { workshop } = open(world).places;
    markCollected(workshop, session, { kind: 'finished', status: 'success', exit: 0 });
    expect(await told(world)).toEqual([[session, 'dead']]);
    markCollected(workshop, session, { kind: 'dead' });
    expect(await told(world)).toEqual([]);
    writeFileSync(join(dir, 'daemon-completion.toml'), 'exit_code = 3\nstatus = "failure"\n');
    expect(await told(world)).toEqual([[session, 'finished']]);
  });

  it('leaves out a wrapper that was collected, too', async () => {
    const { world, session } = materialize('17-resume-alias');
    const { source, places } = open(world);
    const { sessions } = await source.content();
    expect(sessions.map(({ id }) => id)).toContain(session);
    const { status, endedAt } = sessions.find(({ id }) => id === session) ?? {};
    expect([status, endedAt === undefined]).toEqual(['success', false]);
    expect(sessions.every((one) => !('end' in one))).toBe(true);
    expect(places.folder).toBe(join(world.stateRoot, world.project));
  });

  it('is remembered for the next process', async () => {
    const { world } = materialize('02-finished-failure-exit3');
    const { source } = open(world);
    mkdirSync(open(world).places.workshop, { recursive: true });
    const content = await source.content();
    source.remember();
    expect(await open(world).source.content()).toEqual(content);
  });

  it('names the caches that are kept warm for what is alive', async () => {
    const { world, session } = materialize('07-alive-daemon');
    switchOn(world, session, Date.now() - 1);
    expect((await open(world).source.content()).warming).toEqual([]);
    const end = Date.now() + 60_000;
    switchOn(world, session, end);
    const { warming } = await open(world).source.content();
    expect(warming).toEqual([
      {
        session,
        caller: 'other:me',
        state: 'stopped',
        until: end,
        command: expect.stringMatching(new RegExp(`session warm status .*${session}$`)),
      },
    ]);
    const record = openWarmStore(world.env).record({ caller: { agent: 'other', id: 'me' }, session });
    await record.claim.take('heartbeat', end);
    expect((await open(world).source.content()).warming).toMatchObject([{ state: 'on' }]);
  });

  it('stands although what is kept warm cannot be read', async () => {
    const { world, session } = materialize('07-alive-daemon');
    writeFileSync(join(world.stateRoot, '.warm'), 'no directory');
    expect(await told(world)).toEqual([[session, 'alive']]);
  });

  it('is given up once nobody waits for it', async () => {
    const { world } = materialize('02-finished-failure-exit3');
    await expect(open(world).source.content(AbortSignal.abort(new Error('too slow')))).rejects.toThrow('too slow');
  });
});
