import { publishResult, recordCompletion } from '@csa/session';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { SessionSource } from './session-source.ts';
import { type Living, livingSession, RESULT, steppingSession } from './sessions.test.fixture.ts';
import type { Verdict } from './verdict.ts';

const WRITES: readonly ((living: Living) => void)[] = [
  ({ session }) => publishResult(session, { ...RESULT, status: 'failure', exitCode: 3 }),
  ({ session }) => recordCompletion(session, { exitCode: 3, status: 'failure' }),
  ({ die }) => die(),
];

/** All ways to choose the moment of each write, in their order. */
function* moments(writes: number, steps: number, from = 0): Generator<number[]> {
  if (writes === 0) {
    yield [];
    return;
  }
  for (let at = from; at < steps; at += 1) for (const rest of moments(writes - 1, steps, at)) yield [at, ...rest];
}

/** One look at a real session whose supervisor makes its n-th write right before the given read of the observer. */
async function lookDuring(writes: readonly (typeof WRITES)[number][], at: readonly number[]): Promise<Verdict> {
  const living = await livingSession();
  const stepping = steppingSession(living.session, (step) => {
    for (const [i, write] of writes.entries()) if (at[i] === step) write(living);
  });
  const seen = await new SessionSource(stepping).observe();
  if (seen.kind !== 'session') throw new Error(`the session was ${seen.kind}`);
  const { completion, result, publishedOnce } = seen;
  const daemon = seen.daemon.state === 'dead' ? ({ state: 'dead' } as const) : seen.daemon;
  return decide({ daemon, completion, result, publishedOnce, trustResult: false, capReached: false });
}

async function readsOfOneLook(): Promise<number> {
  const { session } = await livingSession();
  let reads = 0;
  await new SessionSource(
    steppingSession(session, () => {
      reads += 1;
    }),
  ).observe();
  return reads;
}

test('a whole life that ends while it is looked at is never taken for dead, nor for another end', async () => {
  const reads = await readsOfOneLook();
  expect(reads).toBeGreaterThanOrEqual(6);
  const wrong: string[] = [];
  const kinds = new Set<string>();
  for (const at of moments(WRITES.length, reads)) {
    const verdict = await lookDuring(WRITES, at);
    kinds.add(verdict.kind);
    const isRight = verdict.kind === 'waiting' || (verdict.kind === 'finished' && verdict.outcome.exitCode === 3);
    if (!isRight || ('source' in verdict && verdict.source !== 'result'))
      wrong.push(`${at}: ${JSON.stringify(verdict)}`);
  }
  expect(wrong).toEqual([]);
  expect([...kinds].sort()).toEqual(['finished', 'waiting']);
});

test.each([
  ['before it wrote anything', [2], ['dead', 'waiting']],
  ['with only a completion written', [1, 2], ['finished', 'waiting']],
  ['with only a result written', [0, 2], ['finished', 'waiting']],
])('a supervisor that is killed %s while it is looked at is told as such, or not yet', async (_, which, expected) => {
  const writes = which.flatMap((i) => WRITES[i] ?? []);
  const kinds = new Set<string>();
  for (const at of moments(writes.length, await readsOfOneLook())) kinds.add((await lookDuring(writes, at)).kind);
  expect([...kinds].sort()).toEqual(expected);
});
