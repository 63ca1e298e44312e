import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { SessionSource } from './session-source.ts';
import { foreignSession, RESULT_TEXT, steppingSession, wrapper } from './sessions.test.fixture.ts';
import type { Observation } from './source.ts';
import type { Verdict } from './verdict.ts';

const DEAD_PID = '4194304 1\n';
/** open(2) and lstat(2) answer ENAMETOOLONG, to root too: trouble that is not the session's. */
const UNREACHABLE = `/${'x'.repeat(300)}`;

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
    // Beside an unreachable directory no target is found either: that is looked at again before it is told.
    const harmless = got.kind === 'waiting' || got.kind === 'alias-trouble';
    if (!harmless && JSON.stringify(got) !== JSON.stringify(truth)) failures.push(`${failing}: ${JSON.stringify(got)}`);
  }
  expect(failures).toEqual([]);
});
