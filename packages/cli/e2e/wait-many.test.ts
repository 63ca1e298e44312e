import { appendFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMarkers } from '@csa/markers';
import {
  builtCsa,
  csa,
  endSession,
  runCsa,
  sessionDirectory,
  temporaryWorld,
  testNode,
  until,
  type World,
} from '@csa/testkit';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { faultsOf } from '../src/json-schema.test.fixture.ts';
import { attribute, attributes, needed, waitFor } from './answer.ts';
import { openGate, startGated, startJob, supervisorPid } from './job.ts';
import { manyAnswerOf, told, waitForAll } from './many-answer.ts';
import { shell } from './program.ts';

const UNKNOWN_ID = '01M0F77JH0BVPHYFAVF40A3GZ5';

let world: World;
beforeEach(() => {
  world = temporaryWorld();
});

const start = (script: string) => startJob(['sh', '-c', script], { world });
const wait = (...args: string[]) => waitForAll(args, { world });

/** A session that lives until a gate of its own is opened. */
function startBehind(gate: string, script = 'exit 0'): Promise<string> {
  return start(`until [ -e ${gate} ]; do sleep 0.05; done; ${script}`);
}
function open(gate: string): void {
  writeFileSync(join(world.project, gate), '');
}

async function over(script: string): Promise<string> {
  const id = await start(script);
  await waitFor([id, '--cap', '30s'], { world });
  return id;
}

async function dead(): Promise<string> {
  const id = await startGated(world);
  onTestFinished(() => endSession(world, id));
  process.kill(supervisorPid(world, id), 'SIGKILL');
  expect((await waitFor([id, '--cap', '30s'], { world })).code).toBe(124);
  return id;
}

/** A session of another machine: whatever pids say here, nobody knows. */
async function unknown(): Promise<string> {
  const id = await over('exit 0');
  const directory = sessionDirectory(world, id);
  for (const name of readdirSync(directory)) {
    if (name !== 'state.toml' && name !== 'metadata.toml') rmSync(join(directory, name), { recursive: true });
  }
  writeFileSync(
    join(directory, 'daemon.pid'),
    `4711 99 ${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)} elsewhere 1\n`,
  );
  return id;
}

describe('a wait for all', () => {
  it('answers when the last has ended, with the code of the first that failed, in the order given', async () => {
    const ids = [await startBehind('first', 'echo fine'), await start('echo bad; exit 3'), await start('exit 4')];
    const waiting = wait(...ids, '--cap', '60s');
    open('first');
    const answer = await waiting;
    expect([answer.code, answer.status.name]).toEqual([3, 'SESSION_WAIT_COMPLETED']);
    expect(attributes(answer.status, 'sessions', 'finished', 'alive', 'failed', 'decided_by')).toEqual({
      sessions: '3',
      finished: '3',
      alive: '0',
      failed: '2',
      decided_by: ids[1],
    });
    expect(told(answer)).toEqual([`${ids[1]} failure`, `${ids[2]} failure`, `${ids[0]} success`]);
    const turned = await wait(...ids.toReversed(), '--all');
    expect([turned.code, attribute(turned.status, 'decided_by')]).toEqual([4, ids[2]]);
  });

  it('is 0 when all ended well', async () => {
    const answer = await wait(await start('exit 0'), await start('exit 0'), '--cap', '30s');
    expect([answer.code, attribute(answer.status, 'status')]).toEqual([0, 'success']);
  });

  it('keeps the code of a failure at the cap, says who lives, and its cmd waits for the rest', async () => {
    const ids = [await startGated(world, 'exit 5'), await over('exit 3')];
    const answer = await wait(...ids, '--cap', '200ms');
    expect([answer.code, answer.status.name]).toEqual([3, 'SESSION_WAIT_KV_WARM']);
    expect(told(answer)).toEqual([`${ids[1]} failure`, `${ids[0]} alive`]);
    openGate(world);
    const done = manyAnswerOf(await shell(needed(answer.status, 'cmd'), { world, cwd: '/' }));
    expect([done.code, attribute(done.status, 'decided_by')]).toEqual([5, ids[0]]);
  });

  it('has the alive code only where all that is left is alive', async () => {
    const [alive, fine] = [await startGated(world), await over('exit 0')];
    const answer = await wait(alive, fine, '--cap', '0', '--alive-exit-code', '75');
    expect([answer.code, answer.status.name]).toEqual([75, 'SESSION_WAIT_KV_WARM']);
    expect(needed(answer.status, 'cmd')).toContain(`${alive} ${fine} --all --alive-exit-code 75`);
  });

  it('tells dead from unknown, and dead comes first', async () => {
    const [gone, hidden, fine] = [await dead(), await unknown(), await over('exit 0')];
    const both = await wait(fine, hidden, gone, '--cap', '300ms');
    expect([both.code, both.status.name, attribute(both.status, 'decided_by')]).toEqual([
      124,
      'SESSION_WAIT_TIMEOUT',
      gone,
    ]);
    expect(told(both)).toEqual([`${gone} dead`, `${hidden} unknown`, `${fine} success`]);
    const explained = await shell(needed(both.status, 'cmd'), { world, cwd: '/' });
    expect([explained.code, explained.stdout.includes('dead')]).toEqual([0, true]);
    const alone = await wait(fine, hidden, '--cap', '300ms');
    expect([alone.code, alone.status.name, attribute(alone.status, 'reason')]).toEqual([
      125,
      'SESSION_WAIT_UNKNOWN',
      'other-machine',
    ]);
    const failed = await wait(gone, await over('exit 3'), '--cap', '300ms');
    expect([failed.code, failed.status.name]).toEqual([3, 'SESSION_WAIT_COMPLETED']);
  });

  it('goes on for the others when one is removed, and says so at the end', async () => {
    const [gone, other] = [await startGated(world), await startBehind('other')];
    onTestFinished(() => endSession(world, gone));
    const waiter = csa(['session', 'wait', gone, other, '--cap', '60s', '--heartbeat', '1s'], { world });
    await until(() => waiter.stderr().includes('0 of 2 finished'), 'a heartbeat');
    rmSync(sessionDirectory(world, gone), { recursive: true });
    open('other');
    const answer = manyAnswerOf(await waiter.ended);
    expect([answer.code, answer.status.name]).toEqual([125, 'SESSION_WAIT_ERROR']);
    expect(attributes(answer.status, 'reason', 'decided_by')).toEqual({ reason: 'registry-lost', decided_by: gone });
  });
});

describe('a wait for any or for a number of them', () => {
  it('answers with the first that ends, and its rest_cmd waits for the others', async () => {
    const ids = [await startBehind('a', 'exit 3'), await startBehind('b', 'exit 0'), await startBehind('c')];
    const waiter = csa(['session', 'wait', ...ids, '--any', '--cap', '60s', '--heartbeat', '1s'], { world });
    await until(() => waiter.stderr().includes('0 of 3 finished'), 'a heartbeat');
    open('b');
    const answer = manyAnswerOf(await waiter.ended);
    expect([answer.code, answer.status.name]).toEqual([0, 'SESSION_WAIT_COMPLETED']);
    expect(attribute(answer.status, 'decided_by')).toBe(ids[1]);
    expect(told(answer)[0]).toBe(`${ids[1]} success`);
    open('a');
    const rest = manyAnswerOf(await shell(needed(answer.status, 'rest_cmd'), { world, cwd: '/' }));
    expect([rest.code, attribute(rest.status, 'decided_by')]).toEqual([3, ids[0]]);
  });

  it('takes a dead one for ended, and of those that were over the first in the order given', async () => {
    const [alive, gone, bad, fine] = [
      await startGated(world),
      await dead(),
      await over('exit 3'),
      await over('exit 0'),
    ];
    const codes: (number | null)[] = [];
    for (const ids of [
      [alive, gone, bad, fine],
      [alive, bad, fine, gone],
      [fine, bad, alive],
    ]) {
      codes.push((await wait(...ids, '--any', '--cap', '30s')).code);
    }
    expect(codes).toEqual([124, 3, 0]);
    const two = await wait(alive, fine, bad, '--count', '2', '--cap', '30s');
    expect([two.code, attribute(two.status, 'decided_by')]).toEqual([3, bad]);
    expect(needed(two.status, 'rest_cmd')).toContain(` ${alive} --all`);
  });

  it('that is not met at the cap waits for as many again', async () => {
    const ids = [await startGated(world), await over('exit 0'), await startGated(world, 'exit 3')];
    const answer = await wait(...ids, '--count', '2', '--cap', '100ms');
    expect([answer.code, answer.status.name]).toEqual([0, 'SESSION_WAIT_KV_WARM']);
    expect(needed(answer.status, 'cmd')).toContain(`${ids.join(' ')} --count 2`);
  });
});

describe('the sessions of a wait', () => {
  it('may be named by prefix or twice: each counts once', async () => {
    const [a, b] = [await over('exit 0'), await over('exit 3')];
    const answer = await wait(a, a.slice(0, 24).toLowerCase(), b, a);
    expect([answer.code, attribute(answer.status, 'sessions')]).toEqual([3, '2']);
    expect(attribute((await wait(a, a)).status, 'sessions')).toBe('1');
  });

  it('may be one, with the form of several, so that a script need not count', async () => {
    const id = await over('exit 3');
    for (const flags of [['--all'], ['--any'], ['--count', '1']]) {
      const answer = await wait(id, ...flags);
      expect([answer.code, attribute(answer.status, 'sessions')]).toEqual([3, '1']);
    }
  });

  it('may be of several projects, and named by their directories', async () => {
    const here = await over('exit 0');
    mkdirSync(join(world.home, 'other'));
    const there = await startJob(['sh', '-c', 'exit 3'], { world, cwd: join(world.home, 'other') });
    expect((await wait(here, there, '--cap', '30s')).code).toBe(3);
    const here2 = await over('exit 4');
    const dirs = [here, here2].flatMap((id) => ['--dir', sessionDirectory(world, id)]);
    expect((await waitForAll(dirs, { world, cwd: '/' })).code).toBe(4);
  });

  it('are followed where they are wrappers, also when the target appears while waiting', async () => {
    const [asked, other] = [await startGated(world), await startBehind('never')];
    const target = await startBehind('target', 'exit 3');
    const waiter = csa(['session', 'wait', asked, other, '--any', '--cap', '60s', '--heartbeat', '1s'], { world });
    await until(() => waiter.stderr().includes('0 of 2 finished'), 'a heartbeat');
    const text = `kind = "resume-wrapper"\ntarget_session_id = "${target}"\ncreated_at = "2026-08-20T09:15:03Z"\n`;
    writeFileSync(join(sessionDirectory(world, asked), 'resume-target.toml'), text);
    open('target');
    const answer = manyAnswerOf(await waiter.ended);
    expect([answer.code, attribute(answer.status, 'decided_by')]).toEqual([3, asked]);
    expect(attribute(answer.sessions[0], 'resolved')).toBe(target);
  });
});

describe('a command line of several that cannot be meant', () => {
  it('names the one that cannot be told', async () => {
    const id = await over('exit 0');
    await over('exit 0');
    for (const [word, reason] of [
      [UNKNOWN_ID, 'not-found'],
      ['../x', 'invalid-id'],
      ['', 'invalid-id'],
      [id.slice(0, 2), 'ambiguous-id'],
    ]) {
      const { code, status } = await waitFor([id, word ?? ''], { world });
      expect([code, status.name, attributes(status, 'reason', 'session')]).toEqual([
        125,
        'SESSION_WAIT_ERROR',
        { reason, session: word },
      ]);
    }
  });

  it('is refused', async () => {
    const id = await over('exit 0');
    for (const [words, expected] of [
      [[id, '--any', '--all'], 'usage'],
      [[id, '--any', '--count', '1'], 'usage'],
      [[id, '--count', '2'], 'bad-count'],
      [['--count', '0'], 'bad-count'],
      [['--count', 'two'], 'bad-count'],
      [[id, '--dir', '/'], 'usage'],
      [[id, '--session', id], 'usage'],
      [[id, '--cap', '1s', '--until-done'], 'usage'],
      [[id, '--anyy'], 'usage'],
      [['--any=0'], 'usage'],
    ] as const) {
      const { code, status, stderr } = await waitFor([id, ...words], { world });
      const got = [code, status.name, attribute(status, 'reason')];
      expect(got, words.join(' ')).toEqual([125, 'SESSION_WAIT_ERROR', expected]);
      expect(stderr).toMatch(/^csa: /);
    }
  });

  it('is helped to the flag that was meant, and to the range of a number', async () => {
    const ids = [await over('exit 0'), await over('exit 0')];
    expect((await waitFor([...ids, '--anyy'], { world })).stderr).toContain('Did you mean --any?');
    expect((await waitFor([...ids, '--count', '3'], { world })).stderr).toContain('1 to 2');
  });

  it('is one document of a failed wait under --json', async () => {
    const id = await over('exit 0');
    const { code, stdout } = await runCsa(['session', 'wait', id, UNKNOWN_ID, '--json'], { world });
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect([code, faultsOf('session-wait', document)]).toEqual([125, []]);
    expect(document).toMatchObject({ wait_result: 'not_found', session: UNKNOWN_ID, exit: 125 });
  });
});

describe('what is printed', () => {
  it('is one JSON document with all sessions, in the order given', async () => {
    const ids = [await over('exit 0'), await startGated(world), await over('exit 3')];
    const { code, stdout } = await runCsa(['session', 'wait', ...ids, '--json', '--cap', '0'], { world });
    const document = JSON.parse(stdout) as { sessions: { session: string; wait_result: string; exit: number }[] };
    expect([code, stdout.trimEnd().split('\n').length, faultsOf('session-wait-many', document)]).toEqual([3, 1, []]);
    expect(document.sessions.map(({ session, wait_result, exit }) => [session, wait_result, exit])).toEqual([
      [ids[0], 'finished', 0],
      [ids[1], 'alive', 0],
      [ids[2], 'finished', 3],
    ]);
    expect(document).toMatchObject({ wait_result: 'alive', exit: 3, decided_by: ids[2] });
  });

  it('ends with the marker also where a shell merges stderr into stdout, and nothing follows it', async () => {
    const ids = [await over('exit 0'), await startGated(world)];
    const line = `"${testNode()}" "${builtCsa}" session wait ${ids.join(' ')} --cap 0`;
    const { stdout } = await shell(`${line} 2>&1 | tail -1`, { world });
    expect(parseMarkers(stdout).map(({ name }) => name)).toEqual(['SESSION_WAIT_KV_WARM']);
    expect((await shell(`${line} >/dev/full`, { world })).code).toBe(125);
    openGate(world);
    expect((await wait(...ids, '--cap', '30s')).code).toBe(0);
    expect((await shell(`${line} >/dev/full`, { world })).code).toBe(0);
  });

  it('runs from anywhere, also where the state root is not the default one', async () => {
    const stateHome = join(world.home, `state 'q" $(touch X)`);
    const elsewhere = { world, env: { XDG_STATE_HOME: stateHome } };
    const ids = [
      await startJob(['sh', '-c', 'until [ -e go ]; do sleep 0.05; done; exit 3'], elsewhere),
      await startJob(['true'], elsewhere),
    ];
    for (const id of ids) onTestFinished(() => endSession(world, id));
    const warm = await waitForAll([...ids, '--cap', '0'], elsewhere);
    openGate(world);
    const env = { XDG_STATE_HOME: undefined };
    const done = manyAnswerOf(await shell(needed(warm.status, 'cmd'), { world, cwd: '/', env }));
    expect([done.code, attribute(done.status, 'sessions')]).toEqual([3, '2']);
    expect(readdirSync('/')).not.toContain('X');
  });

  it('is safe under the limit of a shell tool, with the time that would pay beside it', async () => {
    const ids = [await startGated(world), await startGated(world)];
    const env = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '1000' };
    const warm = await waitForAll(ids, { world, env });
    expect(attributes(warm.status, 'cap_source', 'tool_timeout_ms')).toEqual({
      cap_source: 'claude-code',
      tool_timeout_ms: '250000',
    });
    openGate(world);
    for (const key of ['cmd', 'full_cmd']) {
      expect(manyAnswerOf(await shell(needed(warm.status, key), { world, cwd: '/', env })).code).toBe(0);
    }
  });

  it('changes nothing in a session', async () => {
    const id = await over('exit 0');
    appendFileSync(join(sessionDirectory(world, id), 'stdout.log'), 'text\n');
    const before = readdirSync(sessionDirectory(world, id)).sort();
    await wait(id, await over('exit 0'));
    expect(readdirSync(sessionDirectory(world, id)).sort()).toEqual(before);
  });
});

describe('an interruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends the wait with its marker, never the sessions', async (signal, exit) => {
    const ids = [await startGated(world, 'exit 4'), await over('exit 3')];
    const waiter = csa(['session', 'wait', ...ids, '--cap', '60s', '--heartbeat', '1s'], { world });
    await until(() => waiter.stderr().includes('1 of 2 finished'), 'a heartbeat');
    waiter.kill(signal);
    const answer = manyAnswerOf(await waiter.ended);
    expect([answer.code, answer.status.name]).toEqual([exit, 'SESSION_WAIT_INTERRUPTED']);
    expect(attributes(answer.status, 'signal', 'finished', 'alive')).toEqual({ signal, finished: '1', alive: '1' });
    // Nobody is kept waiting for what stands around the answer.
    expect(answer.sessions.map((line) => attribute(line, 'idle'))).toEqual([undefined, undefined]);
    openGate(world);
    expect(manyAnswerOf(await shell(needed(answer.status, 'cmd'), { world, cwd: '/' })).code).toBe(4);
  });
});

describe('--label', () => {
  const labelled = (script: string, ...labels: string[]) =>
    startJob(
      ['sh', '-c', script],
      { world },
      labels.flatMap((label) => ['--label', label]),
    );

  it('names the sessions that have all of these labels now, ended or not, the oldest first', async () => {
    const first = await labelled('exit 4', 'run=42', 'kind=test');
    await waitFor([first, '--cap', '30s'], { world });
    const second = await labelled('exit 3', 'kind=test', 'run=42');
    await labelled('exit 5', 'run=42');
    await start('exit 6');
    const answer = await wait('--label', 'run=42', '--label', 'kind=test', '--cap', '30s');
    expect([answer.code, attribute(answer.status, 'decided_by')]).toEqual([4, first]);
    expect(told(answer)).toEqual([`${first} failure`, `${second} failure`]);
  });

  it('has hints that name those very sessions, also when another one has got the label since', async () => {
    const id = await labelled('until [ -e go ]; do sleep 0.05; done; exit 3', 'run=42');
    const warm = await wait('--label', 'run=42', '--cap', '0', '--any');
    expect([warm.code, attribute(warm.status, 'sessions')]).toEqual([0, '1']);
    await labelled('exit 5', 'run=42');
    openGate(world);
    const done = manyAnswerOf(await shell(needed(warm.status, 'cmd'), { world, cwd: '/' }));
    expect([done.code, attribute(done.status, 'decided_by')]).toEqual([3, id]);
  });

  it('leaves out the session in which the wait runs', async () => {
    const other = await labelled('exit 3', 'run=42');
    const script = `"${testNode()}" "${builtCsa}" session wait --label run=42 --cap 30s; [ $? = 3 ]`;
    const outer = await waitFor([await labelled(script, 'run=42'), '--cap', '60s'], { world });
    expect(outer.code).toBe(0);
    expect((await wait(other, '--all')).code).toBe(3);
  });

  it('that nobody has is not found, and beside other names it is refused', async () => {
    const id = await labelled('exit 0', 'run=42');
    for (const [words, reason] of [
      [['--label', 'run=43'], 'not-found'],
      [['--label', 'run=42', '--cd', world.home], 'not-found'],
      [['--label', 'run'], 'bad-label'],
      [['--label', 'run=42', '--count', '2'], 'bad-count'],
      [['--label', 'run=42', id], 'usage'],
    ] as const) {
      const { code, status, stderr } = await waitFor(words, { world });
      expect([code, status.name, attribute(status, 'reason')], words.join(' ')).toEqual([
        125,
        'SESSION_WAIT_ERROR',
        reason,
      ]);
      expect(stderr).toMatch(/^csa: /);
    }
  });
});

it('a number of sessions that are not named is refused, with a list of those that run', async () => {
  const id = await startGated(world);
  await over('exit 0');
  for (const flags of [['--all'], ['--any'], ['--count', '1']]) {
    const { code, status, stderr } = await waitFor(flags, { world });
    expect([code, attribute(status, 'reason')]).toEqual([125, 'missing-id']);
    expect(stderr).toContain('say how to wait for the sessions that are named');
    const list = await shell(needed(status, 'cmd'), { world, cwd: '/' });
    expect([list.code, list.stdout.match(/alive/g)?.length, list.stdout.includes(id.slice(0, 10))]).toEqual([
      0,
      1,
      true,
    ]);
  }
});
