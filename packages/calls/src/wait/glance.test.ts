import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  openNamedDirectory,
  publishResult,
  recordCompletion,
  SESSION_COOKIE,
  type Session,
  stateRoots,
  sweptBearers,
} from '@csa/session';
import { fixtureNames, materialize } from '@csa/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { locatedAt } from '../list/survey.ts';
import type { Located } from '../locate.ts';
import { type SessionView, viewSession } from '../view/session-view.ts';
import { type GlanceWish, glanceAt } from './glance.ts';
import { emptyScope, ownSession, RESULT } from './own-session.test.fixture.ts';
import { lookAtSession, type WaitedSession } from './wait-session.ts';

const noBearers = (): readonly number[] => [];
const GLANCES: readonly GlanceWish[] = [false, true].map((seesLingering) => ({ bearers: noBearers, seesLingering }));

/** What people see; the ages grow meanwhile. */
function shown(located: Located, looked: WaitedSession): Omit<SessionView, 'elapsed_ms' | 'idle_ms'> {
  const { elapsed_ms, idle_ms, ...rest } = viewSession(located.session, looked);
  return rest;
}

async function expectSame(located: Located): Promise<void> {
  const whole = await lookAtSession(located);
  for (const glance of GLANCES) {
    const looked = await glanceAt(located, glance);
    expect(shown(located, looked)).toEqual(shown(located, whole));
    expect(looked.waited.end.kind).toBe(whole.waited.end.kind);
    expect([looked.hasOutput, looked.stalled]).toEqual([whole.hasOutput, whole.stalled]);
  }
}

describe('a glance shows what a look shows', () => {
  it.each(fixtureNames())('of %s', async (name) => {
    const { dir, env, cd } = materialize(name);
    await expectSame(locatedAt(openNamedDirectory(dir), { project: cd, roots: stateRoots(env) }));
  });

  const write =
    (name: string, text: string) =>
    ({ directory }: Session): void =>
      writeFileSync(join(directory, name), text);

  it.each<readonly [string, (session: Session) => unknown]>([
    ['nothing recorded', () => {}],
    ['a good result', (session) => publishResult(session, { ...RESULT, status: 'success', exitCode: 0 })],
    ['a bad result', (session) => publishResult(session, RESULT)],
    ['a result of 124', (session) => publishResult(session, { ...RESULT, exitCode: 124 })],
    [
      'a result with a reason',
      (session) => publishResult(session, { ...RESULT, status: 'timeout', reason: 'time-limit', exitCode: 143 }),
    ],
    ['a provisional result', (session) => publishResult(session, { ...RESULT, status: 'tier_failover_superseded' })],
    ['a torn result', write('result.toml', 'status = "succ')],
    ['a directory for a result', ({ directory }) => mkdirSync(join(directory, 'result.toml'))],
    ['a completion', (session) => recordCompletion(session, { exitCode: 7, reason: 'terminated' })],
    [
      'a result and a completion that differ',
      (session) => {
        publishResult(session, RESULT);
        recordCompletion(session, { exitCode: 0 });
      },
    ],
    [
      'a result, and another supervisor since',
      (session) => {
        publishResult(session, RESULT);
        write('daemon.pid', `${process.pid}\n`)(session);
      },
    ],
    [
      'a result without a promise',
      (session) => {
        publishResult(session, RESULT);
        write('metadata.toml', 'tool = "codex"\n')(session);
      },
    ],
    [
      'a result, and a target that is none',
      (session) => {
        publishResult(session, RESULT);
        write('resume-target.toml', '?')(session);
      },
    ],
    ['its directory gone', ({ directory }) => rmSync(directory, { recursive: true })],
  ])('of a session of ours with %s, alive and dead', async (_what, change) => {
    const scope = emptyScope();
    const { session, die } = await ownSession(scope, ['team=api']);
    change(session);
    await expectSame(locatedAt(session, scope));
    die();
    await expectSame(locatedAt(session, scope));
  });
});

it('tells of a supervisor that has not left yet only where that is asked', async () => {
  const scope = emptyScope();
  const { session } = await ownSession(scope);
  publishResult(session, RESULT);
  const [blind, seeing] = await Promise.all(GLANCES.map((glance) => glanceAt(locatedAt(session, scope), glance)));
  expect(blind?.waited.end).toMatchObject({ kind: 'finished', daemonAlive: false });
  expect(blind?.waited.facts).toBeUndefined();
  expect(seeing?.waited.end).toMatchObject({ kind: 'finished', daemonAlive: true });
  expect(seeing?.waited.facts?.daemon.state).toBe('alive');
});

it('tells what outlived a dead supervisor, by one look at all processes', async () => {
  const scope = emptyScope();
  const [haunted, dead, alive] = [await ownSession(scope), await ownSession(scope), await ownSession(scope)];
  const env = { ...process.env, [SESSION_COOKIE]: haunted.session.id };
  const survivor = spawn('sleep', ['600'], { stdio: 'ignore', env });
  onTestFinished(() => void survivor.kill('SIGKILL'));
  await new Promise((resolve) => survivor.once('spawn', resolve));
  haunted.die();
  dead.die();
  const swept = sweptBearers();
  const asked: string[] = [];
  const bearers: GlanceWish['bearers'] = (id) => {
    asked.push(id);
    return swept(id);
  };
  const looks = [haunted, dead, alive].map(({ session }) =>
    glanceAt(locatedAt(session, scope), { bearers, seesLingering: false }),
  );
  expect((await Promise.all(looks)).map((looked) => looked.survivor)).toEqual([
    process.platform === 'linux' ? survivor.pid : undefined,
    undefined,
    undefined,
  ]);
  expect(asked).toEqual([haunted.session.id, dead.session.id]);
});
