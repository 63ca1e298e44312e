import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { builtCsa, csa, sessionDirectory, temporaryWorld, testNode, until, type World } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { answerOf, attribute, attributes, needed, waitFor } from './answer.ts';
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
    // As soon as it listens: SigCgt of /proc/<pid>/status holds SIGTERM (15).
    await until(() => catches(waiter.pid, 15), 'the waiter to listen');
    waiter.kill('SIGTERM');
    const answer = answerOf(await waiter.ended);
    expect([answer.code, answer.status.name]).toEqual([143, 'SESSION_WAIT_INTERRUPTED']);
  });
});

describe('a waiter whose parent is gone', () => {
  const orphaned = (id: string, to: string) =>
    `"${testNode()}" "${builtCsa}" session wait ${id} --cap 60s ${to} & echo $!`;

  it('ends with its marker when a pipe is its stdout', async () => {
    const world = temporaryWorld();
    const id = await startGated(world);
    const { stdout } = await program(['sh', '-c', orphaned(id, '')], { world }).ended;
    const [, ...rest] = stdout.split('\n');
    const answer = answerOf({ code: null, signal: null, stdout: rest.join('\n'), stderr: '' });
    expect(answer.status.name).toBe('SESSION_WAIT_INTERRUPTED');
    expect(attributes(answer.status, 'reason', 'signal')).toEqual({ reason: 'parent-gone', signal: undefined });
  });

  it('goes on when a file is its stdout', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 3');
    const file = join(world.home, 'answer');
    const starter = program(['sh', '-c', `${orphaned(id, `>"${file}" 2>"${file}.err" --heartbeat 1s`)}`], { world });
    await starter.ended;
    // Two safety ticks of five seconds would have ended it by now.
    await until(() => (readFileSync(`${file}.err`, 'utf8').match(/waiting/g) ?? []).length >= 7, 'heartbeats', 30_000);
    openGate(world);
    await until(() => readFileSync(file, 'utf8').includes('SESSION_WAIT_'), 'the answer');
    const answer = answerOf({ code: 3, signal: null, stdout: readFileSync(file, 'utf8'), stderr: '' });
    expect(attribute(answer.status, 'exit')).toBe('3');
  });
});

it('says registry-lost when the directory is removed while waiting', async () => {
  const world = temporaryWorld();
  const id = await startGated(world);
  const waiter = await beatingWait(world, id);
  rmSync(sessionDirectory(world, id), { recursive: true });
  const answer = answerOf(await waiter.ended);
  expect(answer.code).toBe(125);
  expect(answer.status.name).toBe('SESSION_WAIT_ERROR');
  expect(attributes(answer.status, 'reason', 'session')).toEqual({ reason: 'registry-lost', session: id });
});

describe('a stdout that cannot be written', () => {
  const wait = (id: string, how: string) => `"${testNode()}" "${builtCsa}" session wait ${id} --cap 0 ${how}`;

  it('never changes the code when its reader is gone or it is closed', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 3');
    const env = { BASH_ENV: undefined };
    const codeOf = async (how: string) =>
      (await shell(`exec 3>&1; { ${wait(id, how)}; echo $? >&3; } | head -c 0`, { world, env })).stdout.trim();
    expect(await codeOf('')).toBe('0');
    openGate(world);
    expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(3);
    expect(await codeOf('')).toBe('3');
    expect((await shell(wait(id, '>&-'), { world })).code).toBe(3);
  });

  it('does not pass for 0 when alive, and a finished session keeps its code', async () => {
    const world = temporaryWorld();
    const id = await startGated(world, 'exit 0');
    expect((await shell(wait(id, '>/dev/full'), { world })).code).toBe(125);
    expect((await shell(wait(id, '>&-'), { world })).code).toBe(125);
    openGate(world);
    expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(0);
    expect((await shell(wait(id, '>/dev/full'), { world })).code).toBe(0);
  });
});

function catches(pid: number, signal: number): boolean {
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${mask}`) & (1n << BigInt(signal - 1))) !== 0n;
}
