import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { sessionDirectory, temporaryWorld, until, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { waitFor } from './answer.ts';
import { openGate, startGated, startJob, supervisorPid } from './job.ts';
import { idAt, makeFinished } from './many-sessions.ts';
import { shell } from './program.ts';
import {
  briefIsWhole,
  briefSays,
  briefText,
  briskWorld,
  endsOf,
  placesOf,
  refresh,
  refreshersOf,
  toldOf,
  untilQuiet,
} from './refreshers.ts';

const PATIENCE_MS = 30_000;
const MANY = 16;

/** A world where a brief is refreshed once a minute at most, as everywhere. */
function usualWorld(): World {
  const { env, ...world } = temporaryWorld();
  return { ...world, env: { ...env, CSA_BRIEF: undefined } };
}

/** The command that a brief names for a session. */
function commandIn(text: string, verb: string): string {
  return new RegExp(`${verb}: \`([^\`]+)\``).exec(text)?.[1] ?? '';
}

function modeOf(path: string): string {
  return (lstatSync(path).mode & 0o777).toString(8);
}

describe("a session's supervisor", () => {
  it('has the brief name it once it runs, with the command that waits, and how it ended once it has', async () => {
    const world = briskWorld();
    const id = await startGated(world, 'echo 2 tests failed; exit 3');
    await briefSays(world, new RegExp(`## Alive.*${id}`, 's'));
    const wait = commandIn(briefText(world), 'wait');
    expect(wait).toContain(`session wait`);
    const supervisor = supervisorPid(world, id);
    openGate(world);
    await until(() => !existsSync(`/proc/${supervisor}`) && refreshersOf(world).length === 0, 'rest', PATIENCE_MS);
    await briefSays(world, new RegExp(`## Finished.*${id}.*exit 3.*2 tests failed`, 's'));
    expect((await shell(commandIn(briefText(world), 'result'), { world })).stdout).toContain('2 tests failed');
    expect((await shell(wait, { world })).code).toBe(3);
    expect(toldOf(world).map(({ event, trigger }) => [event, trigger])).toEqual([
      ['brief_write_started', 'reactive'],
      ['brief_write_success', 'reactive'],
      ['brief_write_started', 'reactive'],
      ['brief_write_success', 'reactive'],
    ]);
  });

  it('sees to it on its ticks: a foreign session that has come, and one whose supervisor was killed', async () => {
    const world = briskWorld(1);
    await startGated(world);
    const killed = await startGated(world);
    await briefSays(world, new RegExp(`## Alive.*${killed}`, 's'));
    const foreign = idAt(Date.now() - 60_000, 'F');
    makeFinished(world, foreign, 7);
    process.kill(supervisorPid(world, killed), 'SIGKILL');
    await briefSays(world, new RegExp(`${foreign}.*exit 7`, 's'));
    await briefSays(world, new RegExp(`## Dead.*${killed}`, 's'));
    expect(toldOf(world).map(({ trigger }) => trigger)).toContain('periodic');
  });

  it('leaves files for their owner alone, and nothing in the directory of any session', async () => {
    const world = briskWorld();
    const id = await startGated(world);
    await briefSays(world, new RegExp(id));
    await untilQuiet(world);
    const { folder, payload, sidecar, workshop } = placesOf(world);
    expect([payload, sidecar, workshop].map(modeOf)).toEqual(['600', '600', '700']);
    expect(readdirSync(folder).sort()).toEqual(['.brief', 'brief.md', 'brief.meta.json', 'sessions']);
    const names = readdirSync(sessionDirectory(world, id), { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.includes('brief'))).toEqual([]);
    expect(readdirSync(world.project)).toEqual([]);
  });

  it('tells nothing of its ticks as long as nothing is new, and nothing grows', async () => {
    const world = briskWorld(1);
    await startGated(world);
    await until(() => briefIsWhole(world), 'the brief', PATIENCE_MS);
    await untilQuiet(world);
    const { folder, workshop, sidecar, payload } = placesOf(world);
    const seen = () => ({
      names: [readdirSync(folder).sort(), readdirSync(workshop).filter((name) => !name.startsWith('lock.'))],
      told: toldOf(world).filter(({ trigger }) => trigger === 'periodic').length,
      texts: [payload, sidecar].map((path) => readFileSync(path, 'utf8')),
    });
    // One look more may be taken: a change can hide within a tick of the kernel's clock.
    await until(() => statSync(sidecar).mtimeMs > Date.parse(writtenAt(world)) + 1_000, 'a look', PATIENCE_MS);
    await untilQuiet(world);
    const before = seen();
    for (let looks = 0; looks < 3; looks += 1) {
      const last = statSync(sidecar).mtimeMs;
      await until(() => statSync(sidecar).mtimeMs > last, 'the next look', PATIENCE_MS);
    }
    await untilQuiet(world);
    expect(seen()).toEqual(before);
    expect(readdirSync(workshop).length).toBeLessThan(8);
  });

  it('refreshes nothing where briefs are off', async () => {
    const world = briskWorld(1);
    const off = { ...world, env: { ...world.env, CSA_BRIEF: 'off' } };
    const id = await startGated(off);
    const supervisor = supervisorPid(off, id);
    openGate(off);
    expect((await waitFor([id, '--until-done'], { world: off })).code).toBe(0);
    await untilQuiet(off, supervisor);
    await refresh(off);
    expect(readdirSync(placesOf(off).folder).filter((name) => name.includes('brief.m'))).toEqual([]);
    expect(toldOf(off)).toEqual([]);
  });

  it('does not bring back the state of a project that was removed while it ran', async () => {
    const world = briskWorld(1);
    const id = await startGated(world);
    await until(() => briefIsWhole(world), 'the brief', PATIENCE_MS);
    const supervisor = supervisorPid(world, id);
    await untilQuiet(world);
    rmSync(world.stateRoot, { recursive: true });
    // The next tick finds no brief, and so is due.
    await until(() => refreshersOf(world).length > 0, 'a tick', PATIENCE_MS);
    openGate(world);
    await untilQuiet(world, supervisor);
    expect(existsSync(world.stateRoot)).toBe(false);
  });

  it('starts what refreshes in a session of its own, in /, with low priority and nothing of the command', async () => {
    const world = briskWorld();
    const seen = await until(
      async () => {
        const id = await startJob(['true'], { world }, ['--env', 'TOKEN=s3cr3t']);
        return until(() => snapshot(refreshersOf(world)[0], id), 'a refresher', 2_000).catch(() => undefined);
      },
      'a refresher that was seen in time',
      PATIENCE_MS,
    );
    expect(seen).toEqual({ cwd: '/', leads: true, priority: 10, cookies: [], isKnownBySession: false, foreign: [] });
  });
});

function writtenAt(world: World): string {
  return JSON.parse(readFileSync(placesOf(world).sidecar, 'utf8')).written_at;
}

/** What can be seen of a refresher, once it has got so far as to lower its priority. */
function snapshot(pid: number | undefined, id: string) {
  if (pid === undefined) return undefined;
  try {
    const [environ = '', cmdline = ''] = ['environ', 'cmdline'].map((name) =>
      readFileSync(`/proc/${pid}/${name}`, 'utf8'),
    );
    const [, , , group, session] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/\(.*\) /, '')
      .split(' ');
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    if (getPriority(pid) === 0) return undefined;
    return {
      cwd: readlinkSync(`/proc/${pid}/cwd`),
      leads: Number(group) === pid && Number(session) === pid,
      priority: getPriority(pid),
      cookies: environ.split('\0').filter((entry) => /^(?:CSA_SESSION_ID|CSA_HOOK|TOKEN)/.test(entry)),
      isKnownBySession: `${environ}${cmdline}`.includes(id),
      foreign: open.filter((path) => /lifeline|\.log$/.test(path)),
    };
  } catch {
    return undefined;
  }
}

describe('many at once', () => {
  it(`${MANY} sessions that start together are told of once; the others say why not`, async () => {
    const world = usualWorld();
    await Promise.all(Array.from({ length: MANY }, () => startGated(world)));
    await until(() => endsOf(toldOf(world)).length === MANY, 'what became of each', PATIENCE_MS);
    await untilQuiet(world);
    const ends = endsOf(toldOf(world));
    expect(ends.filter((end) => end === 'success')).toHaveLength(1);
    const allowed = ['success', 'refresh_in_progress', 'min_interval_not_elapsed'];
    expect(ends.filter((end) => !allowed.includes(end))).toEqual([]);
    expect(briefIsWhole(world)).toBe(true);
  });

  it('without a minimum interval each writes that finds new records, and at the end none is missing', async () => {
    const world = briskWorld();
    const ids = await Promise.all(Array.from({ length: MANY }, () => startGated(world)));
    await until(() => endsOf(toldOf(world)).length === MANY, 'what became of each', PATIENCE_MS);
    await untilQuiet(world);
    const allowed = ['success', 'refresh_in_progress', 'no_new_records'];
    expect(endsOf(toldOf(world)).filter((end) => !allowed.includes(end))).toEqual([]);
    await refresh(world);
    expect(ids.filter((id) => !briefText(world).includes(id))).toEqual([]);
  });

  it(`${MANY} refreshes of a project that does not change write it once`, async () => {
    const world = briskWorld();
    const off = { ...world, env: { ...world.env, CSA_BRIEF: 'off' } };
    const id = await startGated(off);
    await until(() => existsSync(join(sessionDirectory(world, id), 'command.pid')), 'the whole session');
    await Promise.all(Array.from({ length: MANY }, () => refresh(world)));
    const ends = endsOf(toldOf(world));
    expect([ends.length, ends.filter((end) => end === 'success').length]).toEqual([MANY, 1]);
    const allowed = ['success', 'refresh_in_progress', 'no_new_records'];
    expect(ends.filter((end) => !allowed.includes(end))).toEqual([]);
    expect(briefText(world)).toContain(id);
  });
});

describe('a refresher', () => {
  it('that only time has woken leaves a young brief alone, and says nothing', async () => {
    const world = usualWorld();
    await startGated(world);
    await until(() => briefIsWhole(world), 'the brief', PATIENCE_MS);
    await untilQuiet(world);
    const before = toldOf(world);
    const { code, stdout, stderr } = await refresh(world, { trigger: 'periodic' });
    expect([code, stdout, stderr, toldOf(world)]).toEqual([0, '', '', before]);
  });

  it.each([
    ['a project that never had a session', {}],
    ['a trigger that is none', { trigger: 'forced' }],
    ['a relative project', { project: 'api' }],
  ])('creates nothing for %s', async (_, options) => {
    const world = briskWorld();
    expect((await refresh(world, options)).code).toBe(0);
    expect(existsSync(world.stateRoot)).toBe(false);
  });

  it('finds no home, and so has no place for a brief', async () => {
    const world = temporaryWorld();
    const env = { ...world.env, HOME: 'no/path', XDG_STATE_HOME: '' };
    expect((await refresh({ ...world, env })).code).toBe(0);
    expect(existsSync(world.stateRoot)).toBe(false);
  });
});
