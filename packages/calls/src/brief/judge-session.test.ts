import { rmSync } from 'node:fs';
import { openNamedDirectory, stateRoots } from '@csa/session';
import { fixtureNames, type MaterializedFixture, materialize } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { judgeSession } from './judge-session.ts';

const judge = ({ dir, env }: MaterializedFixture) => judgeSession(openNamedDirectory(dir), stateRoots(env));

const OPEN = new Set(['07', '08', '15', '17', '20']);
const DEAD = new Set(['09', '10', '14', '16']);

describe('one look at a session', () => {
  it.each(fixtureNames())('tells whether it has ended for good: %s', async (name) => {
    const fixture = materialize(name);
    const number = name.slice(0, 2);
    const judged = await judge(fixture);
    expect(judged.kind).toBe(OPEN.has(number) ? 'open' : 'ended');
    if (judged.kind === 'gone') throw new Error('it is there');
    const { id, state, end } = judged.session;
    // A wrapper ends as another session does.
    const finished = number === '17' ? 'finished' : 'alive';
    expect([id, state]).toEqual([
      fixture.session,
      DEAD.has(number) ? 'dead' : OPEN.has(number) ? finished : 'finished',
    ]);
    expect(end?.kind).toBe(state === 'alive' ? undefined : state);
  });

  it('tells how it ended, as it will be remembered that somebody was shown it', async () => {
    const judged = await judge(materialize('02-finished-failure-exit3'));
    expect(judged).toMatchObject({
      kind: 'ended',
      session: {
        state: 'finished',
        status: 'failure',
        exit: 3,
        end: { kind: 'finished', status: 'failure', exit: 3, completedAt: expect.stringMatching(/^2/) },
      },
    });
  });

  it('finds that it has gone', async () => {
    const fixture = materialize('09-dead-no-result-recent');
    const session = openNamedDirectory(fixture.dir);
    rmSync(fixture.dir, { recursive: true });
    expect(await judgeSession(session, stateRoots(fixture.env))).toEqual({ kind: 'gone' });
  });
});
