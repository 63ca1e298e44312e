import { temporaryWorld } from '@csa/testkit';
import { expect, test } from 'vitest';
import { gone, printed, resultOf, startShell, supervisorGone } from './started.test.fixture.ts';

const idleLimitMs = 1_000;

test('a command that neither prints nor works is ended, with its group, and the record says why', async () => {
  const started = await startShell(temporaryWorld(), 'sleep 600 & echo $!; wait', { idleLimitMs });
  const [, child] = await printed(started, /(\d+)\n/);
  const result = await resultOf(started);
  expect(result).toMatchObject({ status: 'timeout', exitCode: 143, reason: 'idle' });
  expect(result.summary).toBe(`ended at its idle limit: no output and no CPU time for 1s; last output: ${child}`);
  expect(result.warnings).toBeUndefined();
  await gone(Number(child));
  await supervisorGone(started);
});

test('one that falls asleep after its work is ended, too', async () => {
  const script = 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo worked; exec sleep 600';
  const result = await resultOf(await startShell(temporaryWorld(), script, { idleLimitMs }));
  expect(result).toMatchObject({ reason: 'idle', summary: expect.stringContaining('last output: worked') });
});

/** Works for longer than the limit without a word. */
const BUSY = 'end=$(($(date +%s) + 3)); while [ $(date +%s) -lt $end ]; do :; done';

test.each([
  ['prints from time to time', 'for i in 1 2 3 4 5 6; do echo $i; sleep 0.5; done'],
  ['works in silence', BUSY],
  ['waits for a grandchild in a session of its own that works', `setsid sh -c '${BUSY}' & wait`],
  ['waits for a grandchild without an environment that works', `env -i PATH="$PATH" setsid sh -c '${BUSY}' & wait`],
  ['waits for an orphan that works and carries the session’s id', `(setsid sh -c '${BUSY}' &); sleep 3`],
])('a command that %s is not idle', async (_, script) => {
  const result = await resultOf(await startShell(temporaryWorld(), `${script}; exit 7`, { idleLimitMs }));
  expect(result).toMatchObject({ status: 'failure', exitCode: 7 });
  expect(result.warnings).toBeUndefined();
});

test('a command that ends in time ends as without a limit', async () => {
  const result = await resultOf(await startShell(temporaryWorld(), 'exit 3', { idleLimitMs }));
  expect(result).toMatchObject({ status: 'failure', exitCode: 3 });
});

test('the time limit ends a command that is never idle', async () => {
  const started = await startShell(temporaryWorld(), 'while :; do :; done', { idleLimitMs, maxTimeMs: 1_500 });
  expect(await resultOf(started)).toMatchObject({ status: 'timeout', reason: 'time-limit' });
});
