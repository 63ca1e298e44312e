import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { SessionSource } from './session-source.ts';
import { foreignSession, RESULT_TEXT, steppingSession, wrapper } from './sessions.test.fixture.ts';
import type { Observation } from './source.ts';
import type { Verdict } from './verdict.ts';
import { wait } from './wait.ts';

const DEAD_PID = '4194304 1\n';
/** open(2) and lstat(2) answer ENAMETOOLONG, to root too: trouble that is not the session's. */
const UNREACHABLE = `/${'x'.repeat(300)}/session`;

function answer(seen: Observation): Verdict | Exclude<Observation, { kind: 'session' }> {
  if (seen.kind !== 'session') return seen;
  const { daemon, completion, result, publishedOnce } = seen;
  const fact = daemon.state === 'dead' ? ({ state: 'dead' } as const) : daemon;
  return decide({ daemon: fact, completion, result, publishedOnce, trustResult: false, capReached: false });
}

const result = { 'daemon.pid': DEAD_PID, 'result.toml': RESULT_TEXT };
const completion = { 'daemon.pid': DEAD_PID, 'daemon-completion.toml': 'exit_code = 7\n' };

test.each([
  ['left a result', () => foreignSession({ ...result, ...completion }), 'finished'],
  ['left only a completion', () => foreignSession(completion), 'finished'],
  ['left nothing', () => foreignSession({ 'daemon.pid': DEAD_PID }), 'dead'],
  [
    'is a wrapper, with files of its own',
    () => {
      const target = foreignSession(result);
      return wrapper(target.id, dirname(target.directory), completion);
    },
    'finished',
  ],
])('of a session that %s, no single read that fails makes another answer', async (_, make, kind) => {
  const session = make();
  const truth = answer(await new SessionSource(session).observe());
  expect(truth.kind).toBe(kind);
  const failures: string[] = [];
  for (let failing = 0, reads = 1; failing < reads; failing += 1) {
    reads = 0;
    const stepping = steppingSession(session, (step) => {
      reads = step + 1;
      return step === failing ? UNREACHABLE : undefined;
    });
    const got = answer(await new SessionSource(stepping).observe());
    if (got.kind !== 'waiting' && JSON.stringify(got) !== JSON.stringify(truth))
      failures.push(`${failing}: ${JSON.stringify(got)}`);
  }
  expect(failures).toEqual([]);
});

test('a directory that cannot be looked at at all says nothing about its session, until it can be again', async () => {
  const session = foreignSession(completion);
  const source = new SessionSource(steppingSession(session, () => UNREACHABLE));
  expect((await wait(source, { capMs: 0 })).end).toEqual({ kind: 'undetermined', reason: 'io-error' });
  let isBack = false;
  const { end } = await wait(new SessionSource(steppingSession(session, () => (isBack ? undefined : UNREACHABLE))), {
    onLook: () => {
      isBack = true;
    },
  });
  expect(end).toMatchObject({ kind: 'finished', source: 'daemon-completion' });
});
