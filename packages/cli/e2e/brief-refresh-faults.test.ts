import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCsa, runCsa, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerOf, waitFor } from './answer.ts';
import { commandPid, openGate, startGated, startJob, supervisorPid } from './job.ts';
import { idAt, makeFinished } from './many-sessions.ts';
import { OWN_MOUNTS, program, run } from './program.ts';
import {
  briefIsWhole,
  briefSays,
  briefText,
  briskWorld,
  endsOf,
  placesOf,
  REFRESHER,
  refresh,
  refreshersOf,
  toldOf,
  untilQuiet,
} from './refreshers.ts';

const PATIENCE_MS = 30_000;
const LONG_AGO = Date.parse('2026-01-01T00:00:00Z');

/** Words in front of a program that send it a signal at the nth of these calls. */
function signalled(call: string, signal: string, nth: number): string[] {
  const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=${signal}:when=${nth}`];
  return ['strace', '-f', '-qq', '-o', '/dev/null', ...inject];
}

function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

/** One more ended session; gives its id. */
function oneMore(world: World, count: number): string {
  const id = idAt(LONG_AGO + count * 1_000, 'A');
  makeFinished(world, id, 7);
  return id;
}

describe('a refresher that is killed', () => {
  it.each(['mkdir', 'pwrite64', 'fsync', 'link', 'unlink', 'rename'])(
    'at any %s leaves a brief that is whole or counts as none, and no lock',
    async (call) => {
      const world = briskWorld();
      let nth = 1;
      for (; ; nth += 1) {
        const id = oneMore(world, nth);
        const { signal } = await refresh(world, { before: signalled(call, 'SIGKILL', nth) });
        if (signal === null) break;
        const { code, stdout } = await runCsa(['session', 'brief', '--hook'], { world });
        expect([code, stdout]).toEqual([0, expect.stringContaining(id)]);
        expect((await refresh(world)).code).toBe(0);
        expect([nth, briefIsWhole(world), briefText(world)]).toEqual([nth, true, expect.stringContaining(id)]);
        expect(endsOf(toldOf(world))).not.toContain('refresh_in_progress');
        const { folder, workshop } = placesOf(world);
        expect(namesIn(folder)).toEqual(['.brief', 'brief.md', 'brief.meta.json', 'sessions']);
        expect(namesIn(workshop).filter((name) => name.startsWith('.index'))).toEqual([]);
      }
      expect(nth).toBeGreaterThan(1);
    },
  );

  it('while it holds the lock is waited for by nobody as long as it lives, and then by nobody any more', async () => {
    const world = briskWorld();
    const id = oneMore(world, 1);
    const words = [testNode(), REFRESHER, 'reactive', world.project];
    program(['strace', ...signalled('rename', 'SIGSTOP', 1).slice(1), ...words], { world });
    // It gets as far as the payload, and no further.
    const { folder } = placesOf(world);
    await until(() => namesIn(folder).some((name) => /^\.?brief\.md/.test(name)), 'a payload', PATIENCE_MS);
    const stopped = await until(() => refreshersOf(world)[0], 'its process');
    onTestFinished(() => kill(stopped));
    expect((await refresh(world)).code).toBe(0);
    expect(endsOf(toldOf(world))).toEqual(['refresh_in_progress']);
    kill(stopped);
    await untilQuiet(world);
    await refresh(world);
    expect(endsOf(toldOf(world))).toEqual(['refresh_in_progress', 'success']);
    expect([briefIsWhole(world), briefText(world)]).toEqual([true, expect.stringContaining(id)]);
  });
});

describe('a refresher that cannot list what was collected', () => {
  it.each(['EMFILE', 'EIO', 'EACCES'])('for %s writes nothing that is believed once it can be', async (error) => {
    const world = briskWorld();
    const [collected, other] = [oneMore(world, 1), oneMore(world, 2)];
    await runCsa(['session', 'result', collected], { world });
    const place = join(placesOf(world).workshop, 'collected');
    const blind = ['-e', 'trace=openat', '-P', place, '-e', `inject=openat:error=${error}`];
    expect((await refresh(world, { before: ['strace', '-f', '-qq', '-o', '/dev/null', ...blind] })).code).toBe(0);
    const { stdout } = await runCsa(['session', 'brief', '--hook'], { world });
    expect([stdout.includes(other), stdout.includes(collected)]).toEqual([true, false]);
    await refresh(world);
    expect([briefText(world).includes(other), briefText(world).includes(collected)]).toEqual([true, false]);
  });
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

describe('a session is not touched by a brief that', () => {
  /** Runs a session to its end, and one of which nobody asks, in a mount namespace of its own: `$F` is the project's folder, `$OUT` another one. */
  async function runAmong(world: World, mounts: string, afterwards = 'true') {
    const { folder } = placesOf(world);
    mkdirSync(join(folder, 'sessions'), { recursive: true });
    const out = join(world.home, 'out');
    mkdirSync(out);
    const script = `F=$1; OUT=$2; NODE=$3; CSA=$4; REFRESHER=$5; ${mounts}
      "$NODE" "$CSA" session start -- sh -c 'exit 5' >/dev/null || exit 98
      id=$("$NODE" "$CSA" session start -- sh -c 'exit 6') || exit 98
      "$NODE" "$CSA" session wait "$id" --cap 60s; code=$?
      { ${afterwards}; } >"$OUT/said" 2>&1; exit $code`;
    const words = ['sh', folder, out, testNode(), builtCsa, REFRESHER];
    const answer = answerOf(await run([...OWN_MOUNTS, 'sh', '-c', script, ...words], { world }));
    const said = readFileSync(join(out, 'said'), 'utf8');
    return { answer, said, kept: answer.status.attributes.get('source') };
  }

  it('cannot be written', async () => {
    const world = briskWorld();
    const readOnly =
      'mount --bind "$F" "$F" && mount --bind "$F/sessions" "$F/sessions" && mount -o remount,bind,ro "$F" || exit 99;';
    const { answer, kept } = await runAmong(world, readOnly);
    expect([answer.code, kept]).toEqual([6, 'result']);
    await untilQuiet(world);
    expect(namesIn(placesOf(world).folder)).toEqual(['sessions']);
  });

  it('has no room, until it has', async () => {
    const world = briskWorld();
    const full = `mount --bind "$F/sessions" "$OUT" && mount -t tmpfs -o size=64k,mode=700 none "$F" &&
      mkdir "$F/sessions" && mount --bind "$OUT" "$F/sessions" || exit 99; umount "$OUT"
      head -c 100000 /dev/zero >"$F/filler" 2>/dev/null;`;
    const again = `rm "$F/filler"; refresh() { "$NODE" "$REFRESHER" reactive "$PWD"; cat "$F/brief.md"; }
      until refresh | grep -q 'exit 5'; do :; done; cat "$F/brief.md"`;
    const { answer, kept, said } = await runAmong(world, full, again);
    expect([answer.code, kept]).toEqual([6, 'result']);
    expect(said).toMatch(/## Finished.*exit 5/s);
  });

  it.each(['payload', 'sidecar'] as const)('finds a directory where its %s is to stand', async (half) => {
    const world = briskWorld();
    mkdirSync(join(placesOf(world)[half], 'something'), { recursive: true });
    await startJob(['sh', '-c', 'exit 5'], { world });
    const id = await startJob(['sh', '-c', 'exit 6'], { world });
    expect((await waitFor([id, '--until-done'], { world })).code).toBe(6);
    const failed = await until(() => toldOf(world).find(({ event }) => event.endsWith('_failed')), 'the failure');
    expect(failed).toMatchObject({ severity: 'warning', error_type: expect.stringMatching(/^E[A-Z]+$/) });
    const { code, stdout } = await runCsa(['session', 'status', id, '--json'], { world });
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ state: 'finished', exit: 6 })]);
  });

  it('finds a file where its workshop is to stand', async () => {
    const world = briskWorld();
    const { folder, workshop } = placesOf(world);
    mkdirSync(folder, { recursive: true });
    writeFileSync(workshop, 'mine');
    const id = await startJob(['sh', '-c', 'exit 6'], { world });
    const supervisor = supervisorPid(world, id);
    expect((await waitFor([id, '--until-done'], { world })).code).toBe(6);
    await untilQuiet(world, supervisor);
    expect([readFileSync(workshop, 'utf8'), existsSync(placesOf(world).payload)]).toEqual(['mine', false]);
  });
});

describe('a supervisor that can start no process any more', () => {
  it.each([
    ['clone,clone3,fork,vfork', 'EAGAIN'],
    ['clone,clone3,fork,vfork', 'ENOMEM'],
    ['pipe2,socketpair', 'EMFILE'],
  ])('for want of what %s takes, %s, minds its session alone', async (calls, error) => {
    const world = briskWorld(1);
    const id = await startGated(world, 'exit 6');
    await commandPid(world, id);
    await briefSays(world, new RegExp(id));
    const trace = join(world.home, 'trace');
    const inject = ['-e', `trace=${calls}`, '-e', `inject=${calls}:error=${error}`];
    const supervisor = supervisorPid(world, id);
    program(['strace', '-f', '-qq', '-o', trace, ...inject, '-p', String(supervisor)], { world });
    await until(() => textOf(trace).split('(INJECTED)').length > 2, 'two ticks in vain', PATIENCE_MS);
    openGate(world);
    await untilQuiet(world, supervisor);
    const { stdout } = await runCsa(['session', 'status', id, '--json'], { world });
    expect(JSON.parse(stdout)).toMatchObject({ state: 'finished', status: 'failure', exit: 6 });
    expect((await runCsa(['session', 'brief', '--hook'], { world })).stdout).toMatch(/## Finished.*exit 6/s);
  });
});

function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
