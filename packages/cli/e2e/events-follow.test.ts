import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { builtCsa, endSession, runCsa, sessionDirectory, temporaryWorld, testNode, until } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { waitFor } from './answer.ts';
import { eventIds, eventsIn, follow } from './event-stream.ts';
import { commandPid, openGate, startGated, startJob, supervisorPid } from './job.ts';
import { program, shell } from './program.ts';

describe('a follower', () => {
  it('sees sessions start, end, be stopped and die, as it happens', async () => {
    const world = temporaryWorld();
    const old = await startJob(['true'], { world });
    await waitFor([old, '--cap', '30s'], { world });
    const follower = follow(world);
    const stopped = await startGated(world);
    await follower.sees(`${stopped}.started`);
    const dead = await startGated(world);
    const finished = await startGated(world, 'exit 3');
    await commandPid(world, dead);
    await follower.sees(`${finished}.started`);
    process.kill(supervisorPid(world, dead), 'SIGKILL');
    await follower.sees(`${dead}.dead`);
    await runCsa(['session', 'stop', stopped], { world });
    await follower.sees(`${stopped}.stopped`);
    openGate(world);
    await follower.sees(`${finished}.finished`);
    expect(follower.ids()).toEqual([
      `${stopped}.started`,
      `${dead}.started`,
      `${finished}.started`,
      `${dead}.dead`,
      `${stopped}.stopped`,
      `${finished}.finished`,
    ]);
  });

  it('begins with a project that has no session yet, and tells of a silence by itself', async () => {
    const world = temporaryWorld();
    const follower = follow(world, '--idle', '1s');
    const id = await startGated(world);
    await until(() => follower.ids().length === 2, 'a silence', 20_000);
    expect(follower.ids()[1]).toMatch(new RegExp(`^${id}\\.output-idle\\.\\d+$`));
    openGate(world);
    await follower.sees(`${id}.finished`);
    expect(follower.ids()).toHaveLength(3);
  });

  it('goes on when a session vanishes, and when all of them do', async () => {
    const world = temporaryWorld();
    const follower = follow(world);
    const gone = await startGated(world);
    // Without its directory the world does not know the session any more.
    onTestFinished(() => endSession(world, gone));
    await follower.sees(`${gone}.started`);
    rmSync(join(sessionDirectory(world, gone), '..'), { recursive: true });
    const next = await startJob(['true'], { world });
    await follower.sees(`${next}.finished`);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ended by %s leaves with %i, and says how to go on', async (signal, code) => {
    const world = temporaryWorld();
    const follower = follow(world);
    const id = await startJob(['true'], { world });
    await follower.sees(`${id}.finished`);
    follower.kill(signal);
    const ended = await follower.ended;
    expect([ended.code, ended.signal]).toEqual([code, null]);
    const command = /^Go on with: (.*)\n$/.exec(ended.stderr)?.[1] ?? '';
    expect(command).toContain(`--since ${id}.finished`);
    const next = await startJob(['true'], { world });
    const again = program(['sh', '-c', `exec ${command}`], { world, cwd: '/' });
    await until(() => again.stdout().includes(`${next}.started`), 'the next one', 20_000);
    expect(eventsIn(again.stdout())[0]?.id).toBe(`${next}.started`);
  });

  it('whose reader goes away leaves with 0', async () => {
    const world = temporaryWorld();
    const line = `{ "${testNode()}" "${builtCsa}" session events --follow --since 1h; echo "code $?" >&2; } | head -1`;
    const reader = program(['sh', '-c', line], { world });
    await startJob(['true'], { world });
    await until(() => reader.stdout().includes('\n'), 'the first line', 20_000);
    const { stdout, stderr } = await reader.ended;
    expect(stdout).toMatch(/^\S+ +\S+\.started .*\n$/);
    expect(stderr).toBe('code 0\n');
  });

  it('that cannot write fails: what happened would be lost', async () => {
    const world = temporaryWorld();
    await startJob(['true'], { world });
    const { code, stderr } = await shell(
      `"${testNode()}" "${builtCsa}" session events --follow --since 1h >/dev/full`,
      {
        world,
      },
    );
    expect([code, stderr]).toEqual([125, expect.stringContaining('reason=output-lost')]);
  });
});

describe('a consumer that comes back', () => {
  it('misses nothing and reads nothing twice, however often it is killed', async () => {
    const world = temporaryWorld();
    const seen: string[] = [];
    const started: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const last = seen.at(-1);
      const follower = follow(world, ...(last === undefined ? ['--since', '1h'] : ['--since', last]));
      started.push(await startJob(['sh', '-c', `exit ${round}`], { world }));
      await until(() => follower.ids().length > 0, 'an event', 20_000);
      started.push(await startJob(['true'], { world }));
      follower.kill('SIGKILL');
      await follower.ended;
      seen.push(...follower.ids());
    }
    for (const id of started) await waitFor([id, '--cap', '30s'], { world });
    seen.push(...(await eventIds(world, '--since', seen.at(-1) ?? '')));
    expect(seen).toEqual(await eventIds(world));
    expect(seen.toSorted()).toEqual(started.flatMap((id) => [`${id}.finished`, `${id}.started`]).toSorted());
  });

  it('beside others sees the same events in the same order', async () => {
    const world = temporaryWorld();
    const followers = Array.from({ length: 4 }, () => follow(world, '--since', '1h'));
    const ids = await Promise.all(Array.from({ length: 6 }, () => startJob(['true'], { world })));
    for (const follower of followers) await until(() => follower.ids().length >= 12, 'all events', 30_000);
    const order = await eventIds(world);
    expect(order.toSorted()).toEqual(ids.flatMap((id) => [`${id}.finished`, `${id}.started`]).toSorted());
    for (const follower of followers) expect(follower.ids()).toEqual(order);
  });

  it('is told by the others what they have found', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const follower = follow(world, '--since', '1h');
    await follower.sees(`${id}.started`);
    for (const name of ['stdout.log', 'stderr.log']) {
      utimesSync(join(sessionDirectory(world, id), name), 1_700_000_000, 1_700_000_000);
    }
    await eventIds(world, '--idle', '7d');
    await follower.sees(`${id}.output-idle.1700000000000`);
    openGate(world);
  });
});
