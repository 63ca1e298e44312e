import { existsSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { builtCsa, csa, endSession, sessionDirectory, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerOf, attribute, attributes, needed } from './answer.ts';
import { openGate, startGated } from './job.ts';
import { program, shell } from './program.ts';

/** A wait that is surely waiting: its heartbeat has been seen. */
async function beatingWait(world: World, id: string) {
  const waiter = csa(['session', 'wait', id, '--cap', '60s', '--heartbeat', '1s'], { world });
  await until(() => waiter.stderr().includes('waiting'), 'a heartbeat');
  return waiter;
}

describe('a signal to the waiter', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends it with %i and its marker, and never the session', async (signal, exit) => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 4');
    const waiter = await beatingWait(world, id);
    waiter.kill(signal);
    const answer = answerOf(await waiter.ended);
    expect(answer.code).toBe(exit);
    expect(answer.status.name).toBe('SESSION_WAIT_INTERRUPTED');
    expect(attributes(answer.status, 'session', 'status', 'signal')).toEqual({ session: id, status: 'alive', signal });
    openGate(world);
    const done = answerOf(await shell(needed(answer.status, 'cmd'), { world }));
    expect(done.code).toBe(4);
  });

  it('that comes while the program is still being loaded has its marker too', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const waiter = csa(['session', 'wait', id, '--cap', '60s'], { world });
    // As soon as it listens: the last of the three is SIGHUP, which Node itself leaves alone.
    await until(() => catches(waiter.pid, constants.signals.SIGHUP), 'the waiter to listen');
    waiter.kill('SIGTERM');
    const answer = answerOf(await waiter.ended);
    expect([answer.code, answer.status.name]).toEqual([143, 'SESSION_WAIT_INTERRUPTED']);
  });
});

describe('a waiter whose parent is gone', () => {
  /** A shell that starts a wait in the background, with its own standard error in a file. */
  async function orphan(world: World, id: string, redirection: string) {
    const errors = join(world.home, 'errors');
    const wait = `"${testNode()}" "${builtCsa}" session wait ${id} --cap 60s --heartbeat 1s ${redirection} 2>"${errors}"`;
    const parent = program(['sh', '-c', `${wait} & wait`], { world });
    const beats = () => (existsSync(errors) ? (readFileSync(errors, 'utf8').match(/^waiting/gm) ?? []).length : 0);
    await until(() => beats() >= 1, 'a heartbeat');
    parent.kill('SIGKILL');
    return { ended: parent.ended, beats };
  }

  it('ends with its marker when a pipe is its stdout', async () => {
    const world = temporaryWorld();
    const { ended } = await orphan(world, await startGated(world), '');
    const answer = answerOf(await ended);
    expect(answer.status.name).toBe('SESSION_WAIT_INTERRUPTED');
    expect(attributes(answer.status, 'reason', 'signal')).toEqual({ reason: 'parent-gone', signal: undefined });
  });

  it('goes on when a file is its stdout', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 3');
    const file = join(world.home, 'answer');
    const { beats } = await orphan(world, id, `>"${file}"`);
    // The safety tick, at which it looks for its parent, comes every five seconds.
    await until(() => beats() >= 8, 'heartbeats past the safety tick', 30_000);
    openGate(world);
    await until(() => readFileSync(file, 'utf8').includes('SESSION_WAIT_'), 'the answer');
    const answer = answerOf({ code: 3, signal: null, stdout: readFileSync(file, 'utf8'), stderr: '' });
    expect(attribute(answer.status, 'exit')).toBe('3');
  });
});

it('says registry-lost when the directory is removed while waiting', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  // Without its directory the world does not know the session any more.
  onTestFinished(() => endSession(world, id));
  const waiter = await beatingWait(world, id);
  rmSync(sessionDirectory(world, id), { recursive: true });
  const answer = answerOf(await waiter.ended);
  expect(answer.code).toBe(125);
  expect(answer.status.name).toBe('SESSION_WAIT_ERROR');
  expect(attributes(answer.status, 'reason', 'session')).toEqual({ reason: 'registry-lost', session: id });
});

function catches(pid: number, signal: number): boolean {
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${mask}`) & (1n << BigInt(signal - 1))) !== 0n;
}
