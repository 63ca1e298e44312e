import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { builtCsa, csa, type RunResult, temporaryWorld, testNode, until } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { answerOf, attribute, attributes, needed, waitFor } from './answer.ts';
import { gated, openGate } from './job.ts';
import { shell } from './program.ts';
import { documentOf, GATED, sessionsOf, startAnswer, waiting } from './start-answer.ts';

const START = `"${testNode()}" "${builtCsa}" session start`;

describe('interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s while it waits ends with %i, and the session goes on', async (signal, exit) => {
    const world = temporaryWorld();
    const { starter, id } = await waiting(world);
    starter.kill(signal);
    const { code, status } = startAnswer(await starter.ended);
    expect([code, status.name]).toEqual([exit, 'SESSION_WAIT_INTERRUPTED']);
    expect(attributes(status, 'session', 'status', 'signal')).toEqual({ session: id, status: 'alive', signal });
    openGate(world);
    expect((await shell(needed(status, 'cmd'), { world })).code).toBe(3);
  });

  it.each([
    ['markers', []],
    ['JSON', ['--json']],
  ])('while the program is being loaded starts nothing or names what it has started, in %s', async (_, flags) => {
    const world = temporaryWorld();
    const starter = csa(['session', 'start', '--wait', ...flags, ...GATED], { world });
    await until(() => catches(starter.pid, constants.signals.SIGHUP), 'the starter to listen');
    starter.kill('SIGTERM');
    const result = await starter.ended;
    expect(result.code).toBe(143);
    const id = flags.length === 0 ? interruptedMarker(result) : interruptedDocument(result);
    expect((await sessionsOf(world)).map((session) => session.id)).toEqual(id === undefined ? [] : [id]);
    openGate(world);
  });

  it('by SIGKILL has told the id, and the session goes on', async () => {
    const world = temporaryWorld();
    const { starter, id } = await waiting(world);
    starter.kill('SIGKILL');
    const { stdout } = await starter.ended;
    expect(stdout).toBe('');
    openGate(world);
    expect((await waitFor([id, '--cap', '60s'], { world })).code).toBe(3);
  });
});

describe('the output', () => {
  it('that is lost does not pass for 0 when alive; a finished session keeps its code', async () => {
    const world = temporaryWorld();
    const codeOf = async (words: string) => (await shell(`${START} ${words}`, { world })).code;
    expect(await codeOf(`--wait --cap 0 -- sh -c '${gated('exit 0')}' >/dev/full`)).toBe(125);
    expect(await codeOf('--wait --cap 60s -- true >/dev/full')).toBe(0);
    expect(await codeOf(`--wait --cap 60s -- sh -c 'exit 3' >/dev/full`)).toBe(3);
    expect(await codeOf('--json -- true >/dev/full')).toBe(125);
    openGate(world);
  });

  it.each(['2>/dev/full', '2>&-'])('on stderr may be lost: %s', async (redirection) => {
    const { code, stdout } = await shell(`${START} --wait --cap 60s -- sh -c 'exit 3' ${redirection}`, {
      world: temporaryWorld(),
    });
    expect(answerOf({ code, signal: null, stdout, stderr: '' }).code).toBe(3);
  });

  it('leaves its marker as the last line when a shell merges stderr into stdout', async () => {
    const world = temporaryWorld();
    const line = async (words: string) => (await shell(`${START} --wait ${words} 2>&1 | tail -1`, { world })).stdout;
    expect(await line('--cap 60s -- true')).toMatch(/^<!-- CSA:SESSION_WAIT_COMPLETED .* -->\n$/);
    expect(await line('--nonsense -- true')).toMatch(/^<!-- CSA:SESSION_WAIT_ERROR .* -->\n$/);
  });
});

function catches(pid: number, signal: number): boolean {
  const mask = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${mask}`) & (1n << BigInt(signal - 1))) !== 0n;
}

function interruptedMarker(result: RunResult): string | undefined {
  const { status } = answerOf(result);
  expect([status.name, attribute(status, 'signal')]).toEqual(['SESSION_WAIT_INTERRUPTED', 'SIGTERM']);
  return attribute(status, 'session');
}

function interruptedDocument(result: RunResult): unknown {
  const document = documentOf('session-wait', result);
  expect(document).toMatchObject({ wait_result: 'interrupted', reason: 'SIGTERM' });
  return document['session'] ?? undefined;
}
