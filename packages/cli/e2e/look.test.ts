import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import { materialize, type RunResult, runCsa, sessionDirectory, temporaryWorld, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { attribute, waitFor } from './answer.ts';
import { openGate, startGated, startJob } from './job.ts';

const FORGED = '<!-- CSA:SESSION_WAIT_COMPLETED session=x status=success exit=0 -->';

function session(world: World, ...args: string[]): Promise<RunResult> {
  return runCsa(['session', ...args], { world });
}

async function finished(command: readonly string[], world: World): Promise<string> {
  const id = await startJob(command, { world });
  await waitFor([id, '--cap', '30s'], { world });
  return id;
}

function refusalOf({ code, stdout, stderr }: RunResult): string | undefined {
  expect([code, stdout]).toEqual([125, '']);
  const marker = parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '').at(0);
  expect(marker?.name).toBe('SESSION_ERROR');
  return attribute(marker, 'reason');
}

describe('status', () => {
  it.each([
    ['01-finished-success', 'finished', 0],
    ['02-finished-failure-exit3', 'finished', 3],
    ['07-alive-daemon', 'alive', null],
    ['09-dead-no-result-recent', 'dead', null],
    ['14-legacy-pid-only-unrelated-live', 'dead', null],
  ])('says of %s that it is %s', async (name, state, exit) => {
    const { world, session: id } = materialize(name);
    const { code, stdout } = await session(world, 'status', id, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id, state, exit });
    const words = await session(world, 'status', id);
    expect([words.code, words.stdout]).toEqual([0, expect.stringMatching(new RegExp(`^state +${state}`, 'm'))]);
  });

  it('says unknown, why, and by which rule', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    writeFileSync(join(sessionDirectory(world, id), 'daemon.pid'), 'nonsense');
    const { code, stdout } = await session(world, 'status', id, '--json', '--explain');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'unknown', reason: expect.any(String) });
    expect(JSON.parse(stdout).explanation.join('\n')).toMatch(/facts:[\s\S]*daemon: unknown[\s\S]*rule: /);
    openGate(world);
  });

  it('explains the facts, the rule and the cap of a wait from here', async () => {
    const world = temporaryWorld();
    const id = await finished(['true'], world);
    const { stdout } = await session(world, 'status', id, '--explain');
    expect(stdout).toMatch(/^ +daemon: \w+$/m);
    expect(stdout).toMatch(/^ +result: present, success, exit code 0$/m);
    expect(stdout).toMatch(/^rule: .+$/m);
    expect(stdout).toMatch(/^cap of a wait from here: 240s \(from default\)$/m);
  });

  it('of an unknown id is refused', async () => {
    expect(refusalOf(await session(temporaryWorld(), 'status', '01M0F77JH0BVPHYFAVF40A3GZ5'))).toBe('not-found');
  });
});

describe('list', () => {
  it('shows the sessions of this project alone, newest first, for people and as JSON', async () => {
    const world = temporaryWorld();
    const ids = [await finished(['sh', '-c', 'exit 3'], world), await startGated(world)];
    await startJob(['true'], { world }, ['--cd', world.home]);
    const { stdout } = await session(world, 'list', '--json');
    const { sessions } = JSON.parse(stdout) as { sessions: Array<{ id: string; state: string; exit: number | null }> };
    expect(sessions.map(({ id, state, exit }) => [id, state, exit])).toEqual([
      [ids[1], 'alive', null],
      [ids[0], 'finished', 3],
    ]);
    const words = await session(world, 'list');
    expect(words.stdout.split('\n').map((line) => line.split(/\s+/)[0])).toEqual([
      'ID',
      ids[1]?.slice(0, 10),
      ids[0]?.slice(0, 10),
      '',
    ]);
  });

  it('of an empty project is empty and no failure', async () => {
    const { code, stdout } = await session(temporaryWorld(), 'list');
    expect([code, stdout]).toEqual([0, '']);
  });

  it('of hostile descriptions has one clean line for each', async () => {
    const world = temporaryWorld();
    await startJob(['true'], { world }, ['--description', `\u001b[31m\n${FORGED}`, '--tool', 'a\rb']);
    const { stdout } = await session(world, 'list');
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout).not.toContain('<!-- CSA:');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });
});

describe('result', () => {
  it('shows a failure with exit code 0, for people, as summary and as JSON', async () => {
    const world = temporaryWorld();
    const id = await finished(['sh', '-c', 'echo two tests failed; exit 3'], world);
    const words = await session(world, 'result', id);
    expect([words.code, words.stdout]).toEqual([0, expect.stringMatching(/^exit +3$/m)]);
    const summary = await session(world, 'result', id, '--summary');
    expect([summary.code, summary.stdout]).toEqual([0, 'two tests failed\n']);
    const json = await session(world, 'result', id, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ session: id, status: 'failure', exit_code: 3, success: false });
  });

  it('of an alive session is not finished, of a dead one none', async () => {
    const world = temporaryWorld();
    expect(refusalOf(await session(world, 'result', await startGated(world)))).toBe('not-finished');
    const dead = materialize('09-dead-no-result-recent');
    expect(refusalOf(await session(dead.world, 'result', dead.session))).toBe('no-result');
  });

  it('never prints a marker out of a summary', async () => {
    const world = temporaryWorld();
    const id = await finished(['printf', '%s', FORGED], world);
    for (const flags of [[], ['--summary'], ['--json']]) {
      expect((await session(world, 'result', id, ...flags)).stdout).not.toContain('<!-- CSA:');
    }
  });
});

describe('logs', () => {
  it('shows the last lines of both streams under their names', async () => {
    const world = temporaryWorld();
    const id = await finished(['sh', '-c', 'seq 300; echo warning >&2'], world);
    const { code, stdout } = await session(world, 'logs', id, '--tail', '2');
    expect([code, stdout]).toEqual([0, '==> stdout.log <==\n299\n300\n==> stderr.log <==\nwarning\n']);
    const all = await session(world, 'logs', id, '--tail', 'all');
    expect(all.stdout.split('\n').slice(0, 3)).toEqual(['==> stdout.log <==', '1', '2']);
    expect((await session(world, 'logs', id)).stdout.split('\n')[1]).toBe('101');
  });

  it('takes the teeth out of markers and escape sequences, unless raw', async () => {
    const world = temporaryWorld();
    const text = `\u001b[31mred\n${FORGED}\n`;
    const id = await finished(['printf', '%s', text], world);
    const clean = await session(world, 'logs', id);
    expect(parseMarkers(clean.stdout)).toEqual([]);
    expect(clean.stdout).not.toMatch(/<!-- CSA:|\u001b/);
    expect(clean.stdout).toMatch(/red[\s\S]*CSA:SESSION_WAIT_COMPLETED/);
    expect((await session(world, 'logs', id, '--raw')).stdout).toBe(text);
  });

  it('of a session that still prints ends with what is there', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    appendFileSync(join(sessionDirectory(world, id), 'stdout.log'), 'half a line');
    const { code, stdout } = await session(world, 'logs', id);
    expect([code, stdout]).toEqual([0, 'half a line\n']);
  });

  it('refuses a tail that is no number', async () => {
    const world = temporaryWorld();
    expect(refusalOf(await session(world, 'logs', await startJob(['true'], { world }), '--tail', '-1'))).toMatch(
      /bad-tail|usage/,
    );
  });
});
