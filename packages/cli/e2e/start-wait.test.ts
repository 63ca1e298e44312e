import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCsa, temporaryWorld } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { answerOf, attribute, needed, waitFor } from './answer.ts';
import { commandPid, openGate, startedMarker, supervisorPid } from './job.ts';
import { shell } from './program.ts';
import { documentOf, GATED, startAndWait, startAnswer, waiting } from './start-answer.ts';

describe('ends as a wait does', () => {
  it.each<[string, string[], number, Record<string, string>]>([
    ['finished', ['--', 'sh', '-c', 'echo fine'], 0, { status: 'success', exit: '0' }],
    ['failed', ['--', 'sh', '-c', 'exit 3'], 3, { status: 'failure', exit: '3' }],
    ['failed with a code of a wait', ['--', 'sh', '-c', 'exit 124'], 1, { exit: '1', session_exit: '124' }],
    ['killed', ['--', 'sh', '-c', 'kill -9 $$'], 137, { status: 'signal', exit: '137' }],
    ['not found', ['--', 'no-such-command'], 127, { status: 'failure', reason: 'not-found' }],
    ['at its time limit', ['--max-time', '200ms', '--', 'sleep', '600'], 143, { status: 'timeout' }],
    ['idle', ['--idle-timeout', '1s', '--', 'sleep', '600'], 143, { status: 'timeout', reason: 'idle' }],
  ])('%s', async (_, args, exit, expected) => {
    const { code, status } = await startAndWait(temporaryWorld(), ['--cap', '60s', ...args]);
    expect([code, status.name]).toEqual([exit, 'SESSION_WAIT_COMPLETED']);
    expect(Object.fromEntries(status.attributes)).toMatchObject(expected);
  });

  it('alive at the cap, and the printed command waits on', async () => {
    const world = temporaryWorld();
    const warm = await startAndWait(world, ['--cap', '300ms', ...GATED]);
    expect([warm.code, warm.status.name]).toEqual([0, 'SESSION_WAIT_KV_WARM']);
    openGate(world);
    const done = answerOf(await shell(needed(warm.status, 'cmd'), { world }));
    expect([done.code, attribute(done.status, 'session')]).toEqual([3, warm.id]);
  });

  it('alive with the exit code that was asked for, under the cap of its caller', async () => {
    const world = temporaryWorld();
    const env = { CLAUDECODE: '1', BASH_DEFAULT_TIMEOUT_MS: '1000' };
    const { code, status } = await startAndWait(world, ['--alive-exit-code', '75', ...GATED], env);
    expect([code, status.name, attribute(status, 'cap_source')]).toEqual([75, 'SESSION_WAIT_KV_WARM', 'claude-code']);
    openGate(world);
    expect((await shell(needed(status, 'cmd'), { world })).code).toBe(3);
  });

  it('dead, when the supervisor is killed', async () => {
    const world = temporaryWorld();
    const { starter, id } = await waiting(world, ['--until-done']);
    await commandPid(world, id);
    process.kill(supervisorPid(world, id), 'SIGKILL');
    const { code, status } = startAnswer(await starter.ended);
    expect([code, status.name]).toEqual([124, 'SESSION_WAIT_TIMEOUT']);
    openGate(world);
  });

  it('stopped, when somebody stops the session', async () => {
    const world = temporaryWorld();
    const { starter, id } = await waiting(world);
    expect((await runCsa(['session', 'stop', id], { world })).code).toBe(0);
    const { code, status } = startAnswer(await starter.ended);
    expect([code, attribute(status, 'reason')]).toEqual([143, 'stopped']);
  });
});

describe('on standard error', () => {
  it('says once what is wrong with the config', async () => {
    const world = temporaryWorld();
    mkdirSync(join(world.project, '.csa'));
    writeFileSync(join(world.project, '.csa/config.toml'), '[wait]\nalive_exit_cod = 3\nalive_exit_code = 124\n');
    const { stderr } = await startAndWait(world, ['--cap', '30s', '--', 'true']);
    expect(stderr.match(/unknown key wait\.alive_exit_cod /g)).toHaveLength(1);
    expect(stderr.match(/^csa: .*124/gm)).toHaveLength(1);
  });

  it('says that it waits, and with --verbose how the answer is found', async () => {
    const world = temporaryWorld();
    const { id, stderr } = await startAndWait(world, ['--cap', '30s', '--verbose', '--', 'true']);
    expect(stderr).toContain(`Session ${id} started; waiting for it.\n`);
    expect(stderr).toMatch(/^csa: cap: 30s, from flag$/m);
  });

  it('has a wait_cmd that asks the same', async () => {
    const world = temporaryWorld();
    const flags = ['--cap', '200ms', '--alive-exit-code', '75'];
    const warm = await startAndWait(world, [...flags, ...GATED]);
    const again = await shell(`${startedMarker(warm.stderr).get('wait_cmd')} --cap 0`, { world, cwd: '/' });
    expect([warm.code, again.code]).toEqual([75, 75]);
    openGate(world);
  });
});

describe('as JSON', () => {
  it('prints the one document of the wait', async () => {
    const world = temporaryWorld();
    const run = (...args: string[]) => runCsa(['session', 'start', '--json', '--wait', ...args], { world });
    const done = documentOf('session-wait', await run('--cap', '60s', '--', 'sh', '-c', 'exit 3'));
    expect(done).toMatchObject({ wait_result: 'finished', exit: 3 });
    const alive = await run('--cap', '0', ...GATED);
    const document = documentOf('session-wait', alive);
    expect(document).toMatchObject({ wait_result: 'alive', next: { cmd: expect.stringContaining('--json') } });
    // A starter that is killed while it waits has told the id.
    expect(alive.stderr).toContain(`Session ${document['session']} started`);
    openGate(world);
  });

  it('prints the one document of the start without --wait, with commands that work as printed', async () => {
    const world = temporaryWorld();
    const result = await runCsa(['session', 'start', '--json', ...GATED], { world });
    const document = documentOf('session-start', result);
    expect(document).toMatchObject({ supervisor_pid: supervisorPid(world, String(document['session'])) });
    openGate(world);
    const waited = await shell(String(document['wait_cmd']), { world, cwd: '/' });
    expect(documentOf('session-wait', waited)).toMatchObject({ session: document['session'], exit: 3 });
    const stopped = await shell(String(document['stop_cmd']), { world, cwd: '/' });
    expect(stopped.code, stopped.stderr).toBe(0);
  });
});

it('does not take a --wait behind -- for its own', async () => {
  const world = temporaryWorld();
  const { code, stdout } = await runCsa(['session', 'start', '--', 'echo', '--wait', '--json'], { world });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}\n$/);
  expect((await waitFor([stdout.trim(), '--cap', '60s'], { world })).code).toBe(0);
});
