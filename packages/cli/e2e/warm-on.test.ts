import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import {
  builtCsa,
  csa,
  hashTree,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  testNode,
  until,
  type World,
} from '@csa/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute, waitFor } from './answer.ts';
import { comeBack, converse } from './conversation.ts';
import { beats, driverProgram, USAGE, warm, warmJson } from './heartbeat.ts';
import { commandPid, openGate, startGated } from './job.ts';
import { isRunning, shell } from './program.ts';
import { csaOnTerminal } from './pty.ts';

const NAMESPACE = ['--user', '--map-root-user', '--mount'];
const ME = ['--caller', 'me'];
const OFTEN = ['--interval', '1s'];

let world: World;
let id: string;
beforeEach(async () => {
  world = temporaryWorld();
  id = await startGated(world);
});

/** Switches on with a driver that reads the whole prefix; gives the document. */
function on(...args: string[]) {
  return warmJson(world, ['on', ...ME, ...OFTEN, ...args, '--', ...driverProgram(world)]);
}

async function status(...args: string[]) {
  const document = await warmJson(world, ['status', ...args]);
  expect(faultsOf('session-warm-status', document)).toEqual([]);
  return document.conversations;
}

describe('switched on, it', () => {
  it('sends requests until it is switched off, and says what they have read', async () => {
    const started = await on(id, '5m');
    expect(faultsOf('session-warm-on', started)).toEqual([]);
    expect(started).toMatchObject({ session: id, action: 'switched-on', duration_ms: 300_000, interval_ms: 1_000 });
    await until(() => beats(world).length >= 2, 'two requests');
    expect(beats(world)[0]).toMatchObject({ caller: 'me', session: id, cwd: world.project });
    await until(async () => (await status())[0].books.full >= 2, 'two full hits in the books');
    const [shown] = await status(id);
    expect(shown).toMatchObject({
      session: id,
      caller: { agent: 'other', id: 'me' },
      state: 'on',
      heartbeat: 'running',
      driver: 'command',
      cache: { state: 'warm', evidence: 'read' },
      ttl_source: 'default',
      books: { hit_percent: 99, failed: 0, tokens: { write: 0, write_hour: 0 }, money: null },
      last: { verdict: 'full', read_tokens: USAGE.cache_read_input_tokens, error: null },
    });
    const off = await warmJson(world, ['off', id]);
    expect(faultsOf('session-warm-off', off)).toEqual([]);
    expect(off.conversations).toMatchObject([{ session: id, was_on: true, heartbeat: 'ended' }]);
    expect(isRunning(started.heartbeat_pid)).toBe(false);
    const after = await status();
    expect(after).toMatchObject([{ state: 'off', reason: 'not_enabled', heartbeat: 'none', left_ms: null }]);
  });

  it('is the process of nobody: another directory, no session’s cookie, a group of its own', async () => {
    const started = await warmJson(world, ['on', ...ME, '--', ...driverProgram(world)], { CSA_SESSION_ID: 'x' });
    const proc = `/proc/${started.heartbeat_pid}`;
    expect(readFileSync(`${proc}/environ`, 'utf8')).not.toContain('CSA_SESSION_ID=');
    const [, , group] = readFileSync(`${proc}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    expect([(await shell(`readlink ${proc}/cwd`, { world })).stdout.trim(), Number(group)]).toEqual([
      '/',
      started.heartbeat_pid,
    ]);
  });

  it('ends with the session', async () => {
    const { heartbeat_pid } = await on();
    openGate(world);
    await waitFor([id, '--cap', '30s'], { world });
    await until(() => !isRunning(heartbeat_pid), 'the heartbeat to end');
    expect(await status()).toMatchObject([{ state: 'off', reason: 'session_ended', heartbeat: 'none' }]);
  });

  it('ends when its time is over', async () => {
    const { heartbeat_pid } = await on('2s');
    await until(() => !isRunning(heartbeat_pid), 'the heartbeat to end');
    expect(await status()).toMatchObject([{ state: 'off', reason: 'duration_elapsed', heartbeat: 'none' }]);
  });

  it('takes another time and other settings while it is on, and loses no books', async () => {
    const first = await on('5m');
    await until(() => beats(world).length >= 1, 'a request');
    const second = await warmJson(world, ['on', '1h', ...ME, '--interval', '100s', '--', ...driverProgram(world)]);
    expect(second).toMatchObject({ session: id, action: 'refreshed', duration_ms: 3_600_000, interval_ms: 100_000 });
    expect([isRunning(first.heartbeat_pid), isRunning(second.heartbeat_pid)]).toEqual([false, true]);
    const [shown] = await status();
    expect(shown).toMatchObject({ state: 'on', interval_ms: 100_000 });
    expect(shown.left_ms).toBeGreaterThan(300_000);
    expect(shown.books.warms).toBeGreaterThanOrEqual(1);
  });

  it('says what went wrong with a request, and sends no more after a mismatch', async () => {
    const wrote = { ...USAGE, cache_read_input_tokens: 0, cache_creation_input_tokens: 99_000 };
    const { heartbeat_pid } = await warmJson(world, [
      'on',
      ...ME,
      ...OFTEN,
      '--',
      ...driverProgram(world, { usage: wrote }),
    ]);
    await until(() => !isRunning(heartbeat_pid), 'the heartbeat to end');
    expect(beats(world)).toHaveLength(1);
    expect(await status()).toMatchObject([
      {
        state: 'off',
        reason: 'cache_mismatch',
        cache: { state: 'cold', evidence: 'missed' },
        last: { verdict: 'wrote' },
      },
    ]);
    const { stdout } = await warm(world, ['status']);
    expect(stdout).toMatch(/^state +off: a request wrote to the cache/m);
  });

  it.each([
    ['authentication_error', 'driver_unavailable', 'the provider refused the credential (401, authentication_error)'],
    ['invalid_request_error', 'not_replayable', 'the provider refused the request (400, invalid_request_error)'],
  ])('says that a provider refused, and what to do: %s', async (type, reason, words) => {
    const refused = driverProgram(world, { error: { type } });
    const { heartbeat_pid } = await warmJson(world, ['on', ...ME, ...OFTEN, '--', ...refused]);
    await until(() => !isRunning(heartbeat_pid), 'the heartbeat to end');
    expect(await status()).toMatchObject([{ state: 'off', reason }]);
    const { stdout } = await warm(world, ['status']);
    expect(stdout).toMatch(/^state +off: .*, then switch it on again$/m);
    expect(stdout.split(words)).toHaveLength(3);
    expect(stdout).not.toContain('there is nothing that could send');
    expect((await runCsa(['session', 'status', id], { world })).stdout).toContain(`off: ${words}`);
  });

  it('touches nothing under the session', async () => {
    await commandPid(world, id);
    const before = hashTree(sessionDirectory(world, id));
    await on();
    await until(() => beats(world).length >= 1, 'a request');
    await warm(world, ['off']);
    expect(hashTree(sessionDirectory(world, id))).toBe(before);
  });

  it('is started again by a turn when it was killed', async () => {
    const env = { CODEX_THREAD_ID: 't-1' };
    const first = await warmJson(world, ['on', '5m', '--', ...driverProgram(world)], env);
    process.kill(first.heartbeat_pid, 'SIGKILL');
    await until(() => !isRunning(first.heartbeat_pid), 'the heartbeat to end');
    expect(await status()).toMatchObject([{ state: 'on', heartbeat: 'none', next_beat_ms: null }]);
    expect((await warm(world, ['status'])).stdout).toContain('but nobody sends requests');
    const turn = await warm(world, [id, '--cap', '0'], env);
    expect([turn.code, turn.stderr.includes('runs again')]).toEqual([0, true]);
    expect(await status()).toMatchObject([{ state: 'on', heartbeat: 'running' }]);
  });

  it('knows the caller, its cache and its price by its transcript', async () => {
    const env = converse(world, { id: 'c-1', tier: '1h', age: 60, model: 'claude-sonnet-4-5', tokens: 200_000 });
    const started = await warmJson(world, ['on', '--', ...driverProgram(world)], env);
    expect(started).toMatchObject({
      caller: { agent: 'claude-code', id: 'c-1' },
      ttl_ms: 3_600_000,
      ttl_source: 'transcript',
      interval_ms: 3_300_000,
      plan: { prefix_tokens: 200_000, break_even: 19, predicted_cold: false },
    });
    expect(started.plan.money).toMatchObject({ unit: '1e-9 USD', each: 60_000_000, cold_return: 1_200_000_000 });
    const [shown] = await status();
    expect(shown).toMatchObject({ cache: { state: 'warm', evidence: 'request' }, last: null });
  });

  it('counts what the caller has gained that comes back when its session has ended', async () => {
    const told = { id: 'c-1', tier: '5m', model: 'claude-sonnet-4-5', tokens: 100_000 } as const;
    const env = converse(world, { ...told, age: 270 });
    await warmJson(world, ['on', id, ...OFTEN, '--', ...driverProgram(world)], env);
    await until(async () => (await status(id))[0].books.full >= 1, 'a full hit in the books');
    openGate(world);
    await until(async () => (await status(id))[0].state === 'off', 'the end of its session');
    expect((await status(id))[0].books.money.avoided).toBe(0);
    // Half a minute ahead of the clock: what is counted is the time since the first request.
    comeBack(world, { ...told, age: -35 });
    const [{ books }] = await status(id);
    expect(books.money.avoided).toBeGreaterThan(300_000_000);
    expect(books.money.net).toBe(books.money.avoided - books.money.spent);
    const { stdout } = await runCsa(['session', 'status', id, '--json'], { world });
    expect(JSON.parse(stdout).warm[0].books).toEqual(books);
  });
});

describe('what stands in secret places', () => {
  it('never reaches a state, a book or an answer', async () => {
    const secret = 'SECRET-CREDENTIAL';
    const env = { ANTHROPIC_API_KEY: secret, ...converse(world, { id: 'c-1', tier: '5m', age: 5 }) };
    const said: string[] = [];
    for (const args of [['on', ...OFTEN, '--', ...driverProgram(world)], ['status'], ['status', '--json'], ['off']]) {
      const { stdout, stderr } = await warm(world, args, env);
      said.push(stdout, stderr);
      if (args[0] === 'on') await until(() => beats(world).length >= 1, 'a request');
    }
    const store = join(world.stateRoot, '.warm');
    const files = readdirSync(store, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) said.push(readFileSync(join(parentPath, name), 'utf8'));
    expect(said.join('\n')).not.toMatch(/SECRET/);
  });
});

describe('a dry run', () => {
  it('says what it would do and cost, and neither sends nor writes anything', async () => {
    const env = converse(world, { id: 'c-1', tier: '5m', age: 10, model: 'claude-sonnet-4-5', tokens: 100_000 });
    await commandPid(world, id);
    const before = hashTree(world.stateRoot);
    const argv = ['on', '1h', '--dry-run', '--', ...driverProgram(world)];
    const document = await warmJson(world, argv, env);
    expect(faultsOf('session-warm-on', document)).toEqual([]);
    expect(document).toMatchObject({ action: 'dry-run', until: null, heartbeat_pid: null });
    expect(document.plan).toMatchObject({ prefix_tokens: 100_000, requests_at_most: 11 });
    const { stdout } = await warm(world, argv, env);
    expect(stdout).toMatch(/Would keep .*\n.*\n.*100000 tokens for about \$0\.03; a cold return would cost \$0\.375\./);
    expect(hashTree(world.stateRoot)).toBe(before);
    expect(existsSync(join(world.project, 'beats'))).toBe(false);
  });

  it('names what the cache is taken to be', async () => {
    const env = converse(world, { id: 'c-1', tier: '5m', age: 400 });
    const { stdout } = await warm(world, ['on', '--dry-run', '--', ...driverProgram(world)], env);
    expect(stdout).toContain('The cache is taken to be cold by now');
  });
});

describe('a cache that is taken to be cold', () => {
  it('is left alone', async () => {
    const env = converse(world, { id: 'c-1', tier: '5m', age: 400 });
    await warmJson(world, ['on', ...OFTEN, '--', ...driverProgram(world)], env);
    expect(await status()).toMatchObject([{ state: 'on', cache: { state: 'predicted_cold' }, next_beat_ms: null }]);
    await warm(world, ['off']);
    expect(beats(world)).toEqual([]);
  });

  it('is revived once when that is asked for, its price named first', async () => {
    const env = converse(world, { id: 'c-1', tier: '5m', age: 400, model: 'claude-sonnet-4-5', tokens: 100_000 });
    const revived = { ...USAGE, cache_read_input_tokens: 0, cache_creation_input_tokens: 99_000 };
    const { code, stderr } = await warm(
      world,
      ['on', ...OFTEN, '--revive', '--', ...driverProgram(world, { usage: revived })],
      env,
    );
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^csa: --revive writes 100000 tokens .* for \$0\.375/)]);
    await until(() => beats(world).length >= 1, 'the revival');
    await warm(world, ['off']);
  });

  it('has the price of its revival named by a dry run, too', async () => {
    const env = converse(world, { id: 'c-1', tier: '5m', age: 400, model: 'claude-sonnet-4-5', tokens: 100_000 });
    const { stderr } = await warm(world, ['on', '--revive', '--dry-run', '--', ...driverProgram(world)], env);
    expect(stderr).toContain('csa: --revive writes 100000 tokens into a cache of 300s for $0.375, if it is cold.');
    expect(beats(world)).toEqual([]);
  });

  it('is revived by the next heartbeat where one finds it cold already', async () => {
    const env = converse(world, { id: 'c-1', tier: '5m', age: 400 });
    const order = (...args: string[]) => ['on', ...OFTEN, ...args, '--', ...driverProgram(world)];
    await warmJson(world, order(), env);
    await warmJson(world, order('--revive'), env);
    await until(async () => (await status())[0].books.warms > 0, 'the revival');
    expect(await status()).toMatchObject([{ books: { failed: 0 }, last: { verdict: 'full', stale: false } }]);
    await warm(world, ['off']);
  });
});

describe('refused, with the reason and the next step, is', () => {
  const refusal = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { code, stdout, stderr } = await warm(world, args, env);
    expect([code, stdout]).toEqual([125, '']);
    const marker = parseMarkers(stderr.trimEnd().split('\n').at(-1) ?? '')[0];
    expect(attribute(marker, 'cmd'), stderr).toBeDefined();
    return attribute(marker, 'reason');
  };

  it.each<[string, string[], string, NodeJS.ProcessEnv?]>([
    ['a caller that nobody knows', ['on'], 'unknown-caller'],
    ['a caller that is none', ['on', '--caller', '../x'], 'invalid-caller'],
    ['a program that is not there', ['on', ...ME, '--', '/nonexistent/warm'], 'driver_unavailable'],
    [
      'a budget that is spent before anything is sent',
      ['on', ...ME, '--budget', '0', '--', 'true'],
      'budget_exhausted',
    ],
    ['no driver', ['on', ...ME], 'driver_unavailable'],
    ['turn as a driver', ['on', ...ME, '--driver', 'turn'], 'driver_unavailable'],
    ['a program that is not there', ['on', ...ME, '--', 'no-such-program-here'], 'driver_unavailable'],
    [
      'an agent whose program is not there',
      ['on'],
      'driver_unavailable',
      { CLAUDE_CODE_SESSION_ID: 'c', PATH: '/nowhere' },
    ],
    ['a negative duration', ['on', ...ME, '-5m', '--', 'true'], 'bad-duration'],
    ['no duration at all', ['on', ...ME, '0', '--', 'true'], 'out-of-range'],
    ['a duration that is too long', ['on', ...ME, '8d', '--', 'true'], 'out-of-range'],
    ['digits that are none', ['on', ...ME, '٣٠m', '--', 'true'], 'usage'],
    ['an interval that is none', ['on', ...ME, '--interval', 'x', '--', 'true'], 'bad-duration'],
    ['a negative interval', ['on', ...ME, '--interval', '-5s', '--', 'true'], 'bad-duration'],
    ['a life that is too short', ['on', ...ME, '--ttl', '5s', '--', 'true'], 'out-of-range'],
    ['a budget that is none', ['on', ...ME, '--budget', 'lots', '--', 'true'], 'bad-amount'],
    ['a count that is none', ['on', ...ME, '--max-warms', '0', '--', 'true'], 'bad-count'],
    ['a session that is not there', ['on', '01M0F77JH0BVPHYFAVF40A3GZ5', ...ME, '--', 'true'], 'not-found'],
    ['the kill switch', ['on', ...ME, '--', 'true'], 'kill_switch', { CSA_WARM: 'off' }],
    ['an unknown flag', ['off', '--bogus'], 'usage'],
    ['two words too many', ['status', 'x', 'y'], 'usage'],
  ])('%s', async (_title, args, reason, env) => {
    expect(await refusal(args, env)).toBe(reason);
    expect(existsSync(join(world.stateRoot, '.warm'))).toBe(false);
  });

  it('a session that has ended, and a project without a live one', async () => {
    openGate(world);
    await waitFor([id, '--cap', '30s'], { world });
    expect(await refusal(['on', id, ...ME, '--', 'true'])).toBe('session_ended');
    expect(await refusal(['on', ...ME, '--', 'true'])).toBe('no-live-session');
  });

  it('a conversation for which nothing is left to send, and no process is there for nothing', async () => {
    const { heartbeat_pid } = await on('--max-warms', '1');
    await until(() => !isRunning(heartbeat_pid), 'the heartbeat to end');
    const [stopped] = await status();
    expect(stopped).toMatchObject({ state: 'off', reason: 'max_warms', books: { warms: 1 } });
    expect(await refusal(['on', ...ME, '--max-warms', '1', '--', ...driverProgram(world)])).toBe('max_warms');
    expect(await status()).toMatchObject([{ state: 'off', reason: 'max_warms', heartbeat: 'none' }]);
    expect(beats(world)).toHaveLength(1);
  });

  it('a conversation of which nobody can tell whether it is kept warm', async () => {
    await on();
    await warm(world, ['off']);
    const [state = ''] = globSync(join(world.stateRoot, '.warm/*/*/state.1.json'));
    writeFileSync(join(dirname(state), 'heartbeat.999999999999.json'), '');
    expect(await refusal(['on', ...ME, '--', ...driverProgram(world)])).toBe('heartbeat-not-started');
    expect(await status()).toMatchObject([{ state: 'off', heartbeat: 'none' }]);
  });

  it('books that no line can be added to', async () => {
    await on();
    await warm(world, ['off']);
    const [books = ''] = globSync(join(world.stateRoot, '.warm/*/*/ledger.jsonl'));
    rmSync(books, { force: true });
    mkdirSync(books);
    expect(await refusal(['on', ...ME, '--', ...driverProgram(world)])).toBe('heartbeat-not-started');
    expect(await status()).toMatchObject([{ state: 'off', heartbeat: 'none' }]);
  });

  it('a program of a repository’s config', async () => {
    const config = join(world.project, '.csa/config.toml');
    await runCsa(['config', 'show'], { world });
    await shell('mkdir -p .csa', { world });
    writeFileSync(config, '[warm]\ndriver = "command"\ncommand = ["true"]\n');
    expect(await refusal(['on', ...ME])).toBe('driver_unavailable');
  });
});

describe('switching off', () => {
  it('is idempotent, and takes what was meant alone', async () => {
    const mine = await on();
    const other = await warmJson(world, ['on', '--caller', 'you', '--', ...driverProgram(world)]);
    expect((await warmJson(world, ['off', ...ME])).conversations).toHaveLength(1);
    expect([isRunning(mine.heartbeat_pid), isRunning(other.heartbeat_pid)]).toEqual([false, true]);
    const again = await warm(world, ['off', ...ME]);
    expect([again.code, again.stdout, again.stderr]).toEqual([0, '', expect.stringContaining('Nothing is kept warm')]);
    await warm(world, ['off', '--all'], { CODEX_THREAD_ID: 'somebody-else' });
    expect(isRunning(other.heartbeat_pid)).toBe(false);
  });

  it('without anything that is on is no failure', async () => {
    const { code, stdout } = await warm(world, ['off']);
    expect([code, stdout]).toEqual([0, '']);
    expect(existsSync(join(world.stateRoot, '.warm'))).toBe(false);
  });

  it.runIf(spawnSync('unshare', [...NAMESPACE, 'true']).status === 0)(
    'on a disk that is read-only ends every heartbeat, and says that one may be started again',
    async () => {
      const mine = await on();
      const other = await warmJson(world, ['on', '--caller', 'you', '--', ...driverProgram(world)]);
      const remount = `mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"`;
      const off = ['session', 'warm', 'off', '--all'].join(' ');
      const csaOff = `sh "${world.stateRoot}" "${testNode()}" "${builtCsa}" ${off}`;
      const answer = await shell(`unshare ${NAMESPACE.join(' ')} sh -c '${remount}' ${csaOff}`, { world });
      expect([answer.code, answer.stdout], answer.stderr).toEqual([125, '']);
      expect([isRunning(mine.heartbeat_pid), isRunning(other.heartbeat_pid)]).toEqual([false, false]);
      expect(answer.stderr).toContain('the heartbeat has ended, but that it is off could not be written down');
      expect(answer.stderr).toContain('so of 2 conversations');
      expect(answer.stderr).toContain('EROFS');
      const [marker] = parseMarkers(answer.stderr);
      expect([attribute(marker, 'reason'), attribute(marker, 'session')]).toEqual(['state-root-unwritable', id]);
      expect((await warm(world, ['off', '--all'])).code).toBe(0);
    },
  );

  it('finds what is kept warm for a session that has been removed', async () => {
    const { heartbeat_pid } = await on();
    rmSync(sessionDirectory(world, id), { recursive: true });
    const { code } = await warm(world, ['off', id]);
    expect([code, isRunning(heartbeat_pid)]).toEqual([0, false]);
  });
});

describe('on a terminal of 80 columns', () => {
  it('several conversations stand apart, and no row is broken within a word', async () => {
    const refused = driverProgram(world, { error: { type: 'authentication_error' } });
    await warmJson(world, ['on', id, '1h', ...ME, ...OFTEN, '--', ...refused]);
    await warmJson(world, ['on', id, '1h', '--caller', 'you', ...OFTEN, '--', ...refused]);
    await until(async () => (await status()).every(({ state }: { state: string }) => state === 'off'), 'two refusals');
    const shown = csaOnTerminal('warm status', { world, columns: 80 });
    expect(await shown.ended).toBe(0);
    const lines = shown.text().replaceAll('\r', '').trimEnd().split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => line === '')).toHaveLength(1);
    expect(lines.join('\n')).toMatch(/^state +off: the provider refused .*\n {10}\S.*switch it on again$/m);
    const list = csaOnTerminal('list', { world, columns: 80 });
    expect(await list.ended).toBe(0);
    expect(list.text()).toMatch(/ WARM +TOOL +DESCRIPTION\s.* off +/s);
  });
});

describe('lists and status', () => {
  const listed = async () => JSON.parse((await runCsa(['session', 'list', '--json'], { world })).stdout);
  const looked = async () => JSON.parse((await runCsa(['session', 'status', id, '--json'], { world })).stdout);

  it('show nothing of sessions that never used it', async () => {
    const list = await listed();
    expect([faultsOf('session-list', list), list.sessions[0].warm]).toEqual([[], null]);
    const shown = await looked();
    expect([faultsOf('session-status', shown), shown.warm]).toEqual([[], null]);
    expect((await runCsa(['session', 'list'], { world })).stdout).not.toContain('WARM');
    expect((await warm(world, ['status'])).stdout).toContain('Nothing was ever kept warm');
  });

  it('show state and time left once it was used', async () => {
    const { heartbeat_pid } = await on('5m');
    const list = await listed();
    expect([faultsOf('session-list', list), list.sessions[0].warm.state]).toEqual([[], 'on']);
    const shown = await looked();
    expect([faultsOf('session-status', shown), shown.warm.length, shown.warm[0].state]).toEqual([[], 1, 'on']);
    expect((await runCsa(['session', 'list'], { world })).stdout).toMatch(/ WARM .*\n.* on 4m \d+s /);
    expect((await runCsa(['session', 'status', id], { world })).stdout).toMatch(/^warm +other:me: on, 4m/m);
    process.kill(heartbeat_pid, 'SIGKILL');
    await until(() => !isRunning(heartbeat_pid), 'the heartbeat to end');
    expect((await listed()).sessions[0].warm.state).toBe('stopped');
    await warm(world, ['off']);
    expect((await listed()).sessions[0].warm).toEqual({ state: 'off', left_ms: null });
  });

  it('are told of it while they are watched', async () => {
    const watch = csa(['session', 'list', '--watch'], { world });
    await until(() => watch.stdout().includes('\n'), 'the session');
    await on('5m');
    await until(() => watch.stdout().includes('"warm":{"state":"on"'), 'the change');
    for (const line of watch.stdout().trim().split('\n')) {
      expect(faultsOf('session-list-change', JSON.parse(line))).toEqual([]);
    }
  });

  it.each([
    ['torn', (path: string) => writeFileSync(path, '{"schema":')],
    ['of another kind', (path: string) => writeFileSync(path, '{"schema":"x"}')],
    ['empty', (path: string) => writeFileSync(path, '')],
  ])('are shown although the state is %s', async (_title, damage) => {
    await on();
    await warm(world, ['off']);
    const directory = join(world.stateRoot, '.warm/other-me', id);
    for (const name of readdirSync(directory)) if (name.startsWith('state.')) damage(join(directory, name));
    expect((await listed()).sessions).toMatchObject([{ id, warm: null }]);
    expect((await looked()).warm).toBeNull();
    expect((await warm(world, ['status'])).code).toBe(0);
  });
});
