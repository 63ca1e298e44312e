import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Marker, parseMarkers } from '@csa/markers';
import {
  builtCsa,
  csa,
  hashTree,
  type RunResult,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  testNode,
  until,
  type World,
} from '@csa/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { answerOf, attribute, attributes, needed, waitFor } from './answer.ts';
import { converse } from './conversation.ts';
import { commandPid, openGate, startGated, supervisorPid } from './job.ts';
import { shell } from './program.ts';

let world: World;
let id: string;
beforeEach(async () => {
  world = temporaryWorld();
  id = await startGated(world, 'echo built; exit 3');
});

interface Turn extends RunResult {
  readonly markers: readonly Marker[];
  readonly status: Marker;
}

/** What a turn printed: markers alone, the status last. */
function turnOf(result: RunResult): Turn {
  const markers = parseMarkers(result.stdout);
  const status = markers.at(-1);
  expect(result.stdout.trimEnd().split('\n'), result.stderr).toHaveLength(markers.length);
  if (status === undefined) throw new Error(`no marker: ${result.stderr}`);
  return { ...result, markers, status };
}

async function turn(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Turn> {
  return turnOf(await runCsa(['session', 'warm', ...args], { world, env }));
}

describe('a turn', () => {
  it('answers at its cap that the session lives, and its printed command answers with the end', async () => {
    const alive = await turn([id, '--cap', '300ms']);
    expect(alive.code).toBe(0);
    expect(attributes(alive.status, 'session', 'status', 'action', 'ttl', 'ttl_source', 'cache')).toEqual({
      session: id,
      status: 'alive',
      action: 're-warm',
      ttl: '240s',
      ttl_source: 'default',
      cache: 'unknown',
    });
    openGate(world);
    const done = turnOf(await shell(needed(alive.status, 'cmd'), { world, cwd: '/' }));
    expect(done.code).toBe(0);
    expect(done.markers.map(({ name }) => name)).toEqual(['SESSION_RESULT', 'SESSION_WARM']);
    expect(attributes(done.markers[0], 'status', 'session_exit', 'summary')).toEqual({
      status: 'failure',
      session_exit: '3',
      summary: 'built',
    });
    expect(attributes(done.status, 'status', 'outcome', 'session_exit', 'action')).toEqual({
      status: 'finished',
      outcome: 'failure',
      session_exit: '3',
      action: 'collect',
    });
    const verdict = answerOf(await shell(needed(done.status, 'cmd'), { world, cwd: '/' }));
    expect([verdict.code, verdict.status.name]).toEqual([3, 'SESSION_WAIT_COMPLETED']);
  });

  it('ends with the session, long before its deadline', async () => {
    const blocked = csa(['session', 'warm', id, '--json'], { world });
    openGate(world);
    const { code, stdout } = await blocked.ended;
    expect([code, faultsOf('session-warm', JSON.parse(stdout))]).toEqual([0, []]);
    expect(JSON.parse(stdout)).toMatchObject({ wait_result: 'finished', outcome: 'failure', action: 'collect' });
  });

  it('is told from a dead session as a wait is: 124, at once', async () => {
    process.kill(supervisorPid(world, id), 'SIGKILL');
    const { code, status } = await turn([id]);
    expect([code, status.name, attribute(status, 'status')]).toEqual([124, 'SESSION_WAIT_TIMEOUT', 'dead']);
  });

  it('that is interrupted says so, and names itself as what to run again', async () => {
    const blocked = csa(['session', 'warm', id], { world, env: { GEMINI_CLI: '1' } });
    await until(() => existsSync(join(world.stateRoot, '.warm')), 'the turn to begin');
    blocked.kill('SIGTERM');
    const { code, status } = turnOf(await blocked.ended);
    expect([code, status.name]).toEqual([143, 'SESSION_WAIT_INTERRUPTED']);
    expect(needed(status, 'cmd')).toMatch(new RegExp(`session warm ${id}$`));
  });

  it('changes nothing under the session', async () => {
    await commandPid(world, id);
    const before = hashTree(sessionDirectory(world, id));
    for (const flags of [
      ['--cap', '0'],
      ['--cap', '0', '--json'],
    ])
      await turn([id, ...flags]).catch(() => {});
    expect(hashTree(sessionDirectory(world, id))).toBe(before);
  });
});

describe('the deadline', () => {
  const look = (env: NodeJS.ProcessEnv): Promise<Turn> => turn([id, '--cap', '0'], env);

  it.each([
    ['5m', 20, { ttl: '300s', ttl_source: 'transcript', cache: 'warm' }],
    ['1h', 900, { ttl: '3600s', ttl_source: 'transcript', cache: 'warm' }],
    ['5m', 400, { ttl: '300s', ttl_source: 'transcript', cache: 'predicted-cold' }],
  ] as const)('follows the caller’s own transcript: a tier of %s, %i s ago', async (tier, age, said) => {
    const { status } = await look(converse(world, { id: 'c-1', tier, age }));
    expect(attributes(status, 'ttl', 'ttl_source', 'cache')).toEqual(said);
  });

  it('follows the config where there is no transcript', async () => {
    mkdirSync(join(world.project, '.csa'));
    writeFileSync(join(world.project, '.csa/config.toml'), '[warm]\nttl_seconds = 300\n');
    const { status } = await look({});
    expect(attributes(status, 'ttl', 'ttl_source')).toEqual({ ttl: '300s', ttl_source: 'config' });
  });

  it('is lowered to the caller’s shell limit; full_cmd is not', async () => {
    const env = {
      CLAUDECODE: '1',
      BASH_DEFAULT_TIMEOUT_MS: '1',
      ...converse(world, { id: 'c-1', tier: '5m', age: 3 }),
    };
    const { status } = await turn([id], env);
    expect(attributes(status, 'elapsed', 'tool_timeout_ms')).toEqual({ elapsed: '5s', tool_timeout_ms: '280000' });
    expect(needed(status, 'cmd')).toMatch(new RegExp(`session warm ${id}$`));
    expect(needed(status, 'full_cmd')).toMatch(new RegExp(`session warm ${id} --cap 270s$`));
  });

  it('that no call of the caller’s shell lasts as long as is one wait in the background', async () => {
    const env = {
      CLAUDECODE: '1',
      BASH_DEFAULT_TIMEOUT_MS: '1',
      ...converse(world, { id: 'c-1', tier: '1h', age: 3 }),
    };
    const { status, stderr } = await turn([id], env);
    expect(attributes(status, 'elapsed', 'action', 'run_in_background', 'tool_timeout_ms', 'full_cmd')).toEqual({
      elapsed: '5s',
      action: 'background',
      run_in_background: 'true',
      tool_timeout_ms: '600000',
      full_cmd: undefined,
    });
    expect(needed(status, 'cmd')).toMatch(new RegExp(`session wait ${id} --until-done$`));
    expect(stderr).toContain('Your cache outlives the longest call of your shell tool');
    expect(stderr).not.toContain('costs more than it saves');
  });

  it('an explicit cap shortens, and is not lowered', async () => {
    const env = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '1' };
    const capped = async (cap: string): Promise<unknown> => {
      rmSync(join(world.stateRoot, '.warm'), { recursive: true, force: true });
      const blocked = csa(['session', 'warm', id, '--json', '--cap', cap], { world, env });
      await until(() => existsSync(join(world.stateRoot, '.warm')), 'the turn to begin');
      blocked.kill('SIGTERM');
      const { cap_ms, cap_source } = JSON.parse((await blocked.ended).stdout);
      return { cap_ms, cap_source };
    };
    expect(await capped('100s')).toEqual({ cap_ms: 100_000, cap_source: 'flag' });
    expect(await capped('1h')).toEqual({ cap_ms: 240_000, cap_source: 'cache' });
  });
});

describe('the count of turns', () => {
  const document = async (env: NodeJS.ProcessEnv = {}) => {
    const { stdout } = await runCsa(['session', 'warm', id, '--cap', '0', '--json'], { world, env });
    return JSON.parse(stdout);
  };

  it('is kept for each caller, and sends to the background once a turn costs more than it saves', async () => {
    const env = converse(world, { id: 'c-1', tier: '5m', age: 3 });
    for (let turns = 1; turns < 11; turns += 1) {
      expect(await document(env)).toMatchObject({ turns, action: 're-warm' });
    }
    const past = await document(env);
    expect(past).toMatchObject({ turns: 11, action: 'background', next: { run_in_background: true } });
    expect(past.next.cmd).toMatch(new RegExp(`session wait ${id} --until-done --json$`));
    expect(await document({ CODEX_THREAD_ID: 't-1' })).toMatchObject({ turns: 1, action: 're-warm' });
    openGate(world);
    expect((await shell(past.next.cmd, { world })).code).toBe(3);
  });

  it('may be impossible to keep: every turn is then the first one', async () => {
    chmodSync(world.stateRoot, 0o500);
    mkdirSync(join(world.home, 'state'));
    writeFileSync(join(world.home, 'state/cli-sub-agent'), 'no directory');
    const env = { XDG_STATE_HOME: join(world.home, 'state') };
    for (const _ of [1, 2]) {
      const { code, stdout } = await runCsa(
        ['session', 'warm', '--dir', sessionDirectory(world, id), '--cap', '0', '--json'],
        { world, env },
      );
      expect([code, JSON.parse(stdout).turns]).toEqual([0, 1]);
    }
    chmodSync(world.stateRoot, 0o700);
  });
});

describe('as a wait does, it', () => {
  const line = (): string => `"${testNode()}" "${builtCsa}" session warm ${id} --cap 0`;

  it('keeps its code when its reader is gone, and fails when its answer cannot be written', async () => {
    const unread = `exec 3>&1; { sleep 0.1; ${line()}; echo $? >&3; } | head -c 0`;
    expect((await shell(unread, { world })).stdout.trim()).toBe('0');
    expect((await shell(`${line()} >/dev/full`, { world })).code).toBe(125);
    openGate(world);
    await waitFor([id, '--cap', '60s'], { world });
    // Success or failure stands in the lines alone.
    expect((await shell(`${line()} >/dev/full`, { world })).code).toBe(125);
  });

  it.each([
    [['nope'], 'invalid-id'],
    [['01M0F77JH0BVPHYFAVF40A3GZ5'], 'not-found'],
    [[], 'missing-id'],
    [['--cap', 'x'], 'bad-duration'],
    [['--cap', '8d'], 'out-of-range'],
    [['--nonsense'], 'usage'],
  ])('prints one error marker on stdout, or one document: %j', async (args, reason) => {
    const words = args.includes('--cap') ? [id, ...args] : args;
    const { code, status } = await turn(words);
    expect([code, status.name, attribute(status, 'reason')]).toEqual([125, 'SESSION_WAIT_ERROR', reason]);
    const { stdout, code: jsonCode } = await runCsa(['session', 'warm', ...words, '--json'], { world });
    expect([jsonCode, faultsOf('session-warm', JSON.parse(stdout))]).toEqual([125, []]);
    expect(JSON.parse(stdout)).toMatchObject({ exit: 125, reason });
  });

  it('leaves nothing but the count behind', async () => {
    await turn([id, '--cap', '0']);
    const [caller = ''] = readdirSync(join(world.stateRoot, '.warm'));
    expect(readdirSync(join(world.stateRoot, '.warm', caller, id))).toEqual(['polls.json']);
  });
});
