import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csa, PROMPT_SECRET, runCsa, temporaryWorld, until, type World } from '@csa/testkit';
import { openWarmStore, type WarmRecord } from '@csa/warm';
import { beforeEach, describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { answerOf, attribute, attributes, needed, waitFor } from './answer.ts';
import { allText, CONVERSATION, CREDENTIAL, conversation, writeWarmConfig } from './held-cache.ts';
import { openGate, startGated } from './job.ts';
import { shell } from './program.ts';

const PATIENCE_MS = 30_000;
const REPLAY = '--keep-warm=anthropic-replay';

let world: World;

beforeEach(() => {
  world = temporaryWorld();
});

function recordOf(session: string): WarmRecord {
  const caller = { agent: 'claude-code', id: CONVERSATION } as const;
  return openWarmStore(world.env).record({ caller, session });
}

function verdicts(session: string): string[] {
  return recordOf(session)
    .readLedger()
    .flatMap((entry) => (entry.kind === 'beat' ? [entry.verdict] : []));
}

describe('a wait that keeps the cache warm', () => {
  it('reads the prefix again and again, books what that proves, and ends with the session', async () => {
    const { env, beats } = await conversation(world);
    const id = await startGated(world);
    const waiting = csa(['session', 'wait', id, '--until-done', REPLAY], { world, env });
    await until(() => beats().length >= 3, 'three beats', PATIENCE_MS);
    openGate(world);
    const answer = answerOf(await waiting.ended);
    expect([answer.code, answer.status.name, answer.stderr]).toEqual([
      0,
      'SESSION_WAIT_COMPLETED',
      expect.not.stringContaining('cache'),
    ]);
    expect(beats().every(({ use }) => use !== undefined && use.read > 1_024 && use.write === 0)).toBe(true);
    expect(new Set(verdicts(id))).toEqual(new Set(['full']));
    const { stdout } = await runCsa(['session', 'warm', 'status', id, '--json'], { world, env });
    expect(JSON.parse(stdout).conversations).toMatchObject([{ session: id, caller: { id: CONVERSATION } }]);
    expect(recordOf(id).readState()?.power).toMatchObject({ kind: 'off', reason: 'duration_elapsed' });
    expect(await recordOf(id).claim.holder()).toEqual({ kind: 'nobody' });
  });

  it('shows neither the credential nor the prompt anywhere', async () => {
    const { env, beats } = await conversation(world);
    const id = await startGated(world);
    const waiting = csa(['session', 'wait', id, '--until-done', '--verbose', REPLAY], { world, env });
    await until(() => beats().length >= 2, 'two beats', PATIENCE_MS);
    openGate(world);
    const { stdout, stderr } = await waiting.ended;
    const written = allText(world.stateRoot) + stdout + stderr;
    expect(written).toContain('warm_success');
    for (const secret of [CREDENTIAL, PROMPT_SECRET]) expect(written).not.toContain(secret);
  });

  it('waits until it is done, and says so', async () => {
    const { env } = await conversation(world, ['driver = "anthropic-replay"']);
    const id = await startGated(world, 'exit 3');
    openGate(world);
    const { code, stdout } = await runCsa(['session', 'wait', '--keep-warm', id, '--json'], { world, env });
    expect([code, JSON.parse(stdout)]).toMatchObject([3, { cap_ms: null, cap_source: 'keep-warm', exit: 3 }]);
    expect(faultsOf('session-wait', JSON.parse(stdout))).toEqual([]);
  });

  it('answers before the shell of its agent ends it, and asks for one wait in the background that goes on', async () => {
    const { env } = await conversation(world, ['driver = "anthropic-replay"']);
    const id = await startGated(world);
    const limited = { ...env, CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '1000' };
    const { status } = await waitFor([id, '--keep-warm'], { world, env: limited });
    expect(attributes(status, 'action', 'run_in_background', 'cap_source')).toEqual({
      action: 'background',
      run_in_background: 'true',
      cap_source: 'claude-code',
    });
    expect(needed(status, 'cmd')).toMatch(/ --keep-warm --until-done$/);
    openGate(world);
    const again = answerOf(await shell(needed(status, 'cmd'), { world, env: limited }));
    expect([again.code, again.status.name]).toEqual([0, 'SESSION_WAIT_COMPLETED']);
  });

  it('keeps one cache for several sessions', async () => {
    const { env, beats } = await conversation(world);
    const [first, second] = [await startGated(world), await startGated(world)];
    const waiting = csa(['session', 'wait', first, second, REPLAY], { world, env });
    await until(() => beats().length >= 2, 'two beats', PATIENCE_MS);
    openGate(world);
    expect((await waiting.ended).code).toBe(0);
    expect([verdicts(first).length > 0, verdicts(second)]).toEqual([true, []]);
  });

  it('calls off what is under way when it is interrupted, and leaves nobody behind', async () => {
    const { env, server, beats } = await conversation(world);
    server.failNext({ kind: 'hang' });
    const id = await startGated(world);
    const waiting = csa(['session', 'wait', id, '--until-done', REPLAY], { world, env });
    await until(() => beats().length === 1, 'a request that hangs', PATIENCE_MS);
    waiting.kill('SIGTERM');
    const answer = answerOf(await waiting.ended);
    expect([answer.code, answer.status.name]).toEqual([143, 'SESSION_WAIT_INTERRUPTED']);
    expect(answer.stderr.trim().split('\n')).toEqual([expect.stringContaining('The wait ended (SIGTERM)')]);
    expect(recordOf(id).readLedger().at(-1)).toMatchObject({ kind: 'beat', stale: true });
    expect(await recordOf(id).claim.holder()).toEqual({ kind: 'nobody' });
  });

  describe('past the break-even', () => {
    it.each([1, 2])('says so once, stops, and asks for a wait in the background: %d sessions', async (count) => {
      const { env, beats } = await conversation(world, ['driver = "anthropic-replay"']);
      const ids = await Promise.all(Array.from({ length: count }, () => startGated(world)));
      warmedBefore(ids[0] ?? '', 10);
      const answer = await waitFor([...ids, '--cap', '10s', '--keep-warm'], { world, env });
      expect(answer.stderr.match(/cost more than it could save/g)).toHaveLength(1);
      expect(beats()).toHaveLength(1);
      const line = `session wait ${ids.join(' ')}${count > 1 ? ' --all' : ''} --until-done`;
      expect(attributes(answer.status, 'action', 'cmd')).toEqual({
        action: 'background',
        cmd: expect.stringMatching(new RegExp(`${line}$`)),
      });
    });
  });
});

/** So many requests of a heartbeat's since the caller itself has used its prefix; eleven pay. */
function warmedBefore(session: string, count: number): void {
  const usage = { input: 0, read: 5_000, write: 0, writeHour: 0, output: 0 };
  const beat = {
    kind: 'beat',
    generation: 1,
    driver: 'x',
    verdict: 'full',
    usage,
    cost: null,
    expected: null,
  } as const;
  const record = recordOf(session);
  record.requireBooks();
  for (let i = 0; i < count; i += 1) record.append({ ...beat, id: `${i}`, at: Date.now(), durationMs: 1 });
}

describe('what is refused before anything is waited for:', () => {
  it.each<[string, string[]]>([
    ['an empty driver', ['--keep-warm=']],
    ['a driver that nobody knows', ['--keep-warm=magic']],
    ['the driver that a wait cannot be', ['--keep-warm=turn']],
    ['a driver behind a space', ['--keep-warm', 'anthropic-replay']],
  ])('%s', async (_, flags) => {
    const id = await startGated(world);
    for (const env of [{}, { CSA_WARM: 'off' }]) {
      const { code, status } = await waitFor([...flags, id], { world, env });
      expect([code, status.name, attribute(status, 'reason')]).toEqual([125, 'SESSION_WAIT_ERROR', 'usage']);
    }
    expect(existsSync(join(world.stateRoot, '.warm'))).toBe(false);
  });
});

describe('where nothing can keep the cache warm a line says so with the ways out, and the wait is the usual one:', () => {
  const PATH = '/usr/bin:/bin';
  const cases: [string, NodeJS.ProcessEnv, string, string[], string][] = [
    [
      'a caller that nobody knows',
      { CLAUDE_CODE_SESSION_ID: undefined },
      REPLAY,
      [],
      'csa session warm on --caller ID',
    ],
    ['a credential that is not there', { ANTHROPIC_API_KEY: undefined }, REPLAY, [], 'ANTHROPIC_API_KEY'],
    ['no driver at all', {}, '--keep-warm', [], '[warm] driver'],
    ['the program of a fork that is not there', {}, '--keep-warm=claude-fork', [], 'the program claude on the PATH'],
    ['a driver of the config’s that sends nothing', {}, '--keep-warm', ['driver = "turn"'], '[warm] driver'],
    [
      'a capture that is not there',
      {},
      REPLAY,
      ['capture = "/nonexistent/capture"', 'base_url = "http://127.0.0.1:9"'],
      '/nonexistent/capture',
    ],
    ['an address that is none', {}, REPLAY, ['capture = "/x"', 'base_url = "ftp://x"'], 'base'],
    ['a program of the config’s that is not there', {}, '--keep-warm=command', ['command = ["/no/warm"]'], '/no/warm'],
  ];

  it.each(cases)('%s', async (_, more, flag, settings, way) => {
    const { env, beats } = await conversation(world);
    if (settings.length > 0) writeWarmConfig(world, settings);
    const id = await startGated(world, 'exit 7');
    openGate(world);
    const { code, stdout, stderr } = await runCsa(['session', 'wait', id, flag, '--json'], {
      world,
      env: { PATH, ...env, ...more },
    });
    expect([code, JSON.parse(stdout)]).toMatchObject([7, { cap_ms: 240_000, cap_source: 'default' }]);
    const lines = stderr.split('\n').filter((line) => line.includes('The wait goes on.'));
    expect(lines, stderr).toEqual([expect.stringContaining(way)]);
    expect(beats()).toEqual([]);
    expect(existsSync(join(world.stateRoot, '.warm'))).toBe(false);
  });

  it('alive it asks for the same wait again, without the warming', async () => {
    const id = await startGated(world);
    const env = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '1000' };
    const { status } = await waitFor([REPLAY, id], { world, env });
    expect(attributes(status, 'action', 'cap')).toEqual({ action: 're-wait', cap: '5s' });
    expect(needed(status, 'cmd')).toMatch(new RegExp(`session wait ${id}$`));
  });

  it('of several sessions, too', async () => {
    const ids = [await startGated(world), await startGated(world)];
    openGate(world);
    const { code, stderr } = await runCsa(['session', 'wait', ...ids, REPLAY], { world });
    expect([code, stderr.match(/The wait goes on/g)]).toEqual([0, ['The wait goes on']]);
  });
});

describe('trouble while waiting is one line, and the wait goes on:', () => {
  it('a provider that refuses', async () => {
    const { env, server, beats } = await conversation(world);
    server.failNext({ kind: 'status', status: 401 });
    const id = await startGated(world, 'exit 4');
    const waiting = csa(['session', 'wait', id, '--until-done', REPLAY], { world, env });
    await until(() => waiting.stderr().includes('The wait goes on'), 'a line about it', PATIENCE_MS);
    openGate(world);
    const answer = answerOf(await waiting.ended);
    expect([answer.code, beats().length]).toEqual([4, 1]);
  });

  it('somebody who warms for this conversation already, whatever for', async () => {
    const { env, beats } = await conversation(world);
    const [id, other] = [await startGated(world), await startGated(world)];
    const held = await recordOf(other).claim.take('heartbeat', Date.now() + 60_000);
    expect(held).toHaveProperty('release');
    const waiting = csa(['session', 'wait', id, '--until-done', REPLAY], { world, env });
    await until(() => waiting.stderr().includes('a heartbeat does so already'), 'a line about it', PATIENCE_MS);
    openGate(world);
    expect([(await waiting.ended).code, beats()]).toEqual([0, []]);
  });

  it('CSA_WARM=off, which leaves the wait its usual cap', async () => {
    const { env, beats } = await conversation(world);
    const id = await startGated(world);
    const limited = { ...env, CSA_WARM: 'off', CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '1000' };
    const answer = await waitFor([id, '--keep-warm'], { world, env: limited });
    expect(attributes(answer.status, 'action', 'cap')).toEqual({ action: 're-wait', cap: '5s' });
    expect(answer.stderr).toContain('CSA_WARM=off');
    expect(beats()).toEqual([]);
  });

  it('a setting that cannot be used, once', async () => {
    const { env } = await conversation(world, ['ttl_seconds = "long"', 'bogus = 1']);
    const id = await startGated(world);
    openGate(world);
    const { code, stderr } = await waitFor([id, REPLAY], { world, env });
    expect([code, stderr.match(/ttl_seconds/g), stderr.match(/bogus/g)]).toEqual([0, ['ttl_seconds'], ['bogus']]);
  });

  it('a program that fails', async () => {
    const { env, beats } = await conversation(world);
    writeWarmConfig(world, ['driver = "command"', 'command = ["/bin/false"]', 'interval_seconds = 1']);
    expect(await codeAfterTrouble(env)).toBe(4);
    expect(beats()).toEqual([]);
  });

  it('books that cannot be written', async () => {
    const { env, beats } = await conversation(world, ['driver = "anthropic-replay"']);
    mkdirSync(world.stateRoot, { recursive: true });
    writeFileSync(join(world.stateRoot, '.warm'), '');
    expect(await codeAfterTrouble(env)).toBe(4);
    expect(beats()).toEqual([]);
  });
});

/** How a wait ended that could not keep its caller's cache warm. */
async function codeAfterTrouble(env: NodeJS.ProcessEnv): Promise<number | null> {
  const id = await startGated(world, 'exit 4');
  const waiting = csa(['session', 'wait', id, '--until-done', '--keep-warm'], { world, env });
  await until(() => waiting.stderr().includes('The wait goes on'), 'a line about it', PATIENCE_MS);
  openGate(world);
  return answerOf(await waiting.ended).code;
}
