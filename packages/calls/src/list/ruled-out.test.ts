import { openNamedDirectory, type Session, stateRoots } from '@csa/session';
import { fixtureNames, materialize } from '@csa/testkit';
import { describe, expect, it } from 'vitest';
import { phaseOf } from '../view/session-view.ts';
import { lookAtSession } from '../wait/wait-session.ts';
import { isRuledOut } from './ruled-out.ts';
import { locatedAt } from './survey.ts';

const STATES = ['alive', 'dead', 'unknown', 'finished', 'success', 'failed'] as const;

function fixture(name: string): { session: Session; scope: { project: string; roots: ReturnType<typeof stateRoots> } } {
  const { dir, env, cd } = materialize(name);
  return { session: openNamedDirectory(dir), scope: { project: cd, roots: stateRoots(env) } };
}

describe('what is ruled out', () => {
  it.each(fixtureNames())('is never what %s is', async (name) => {
    const { session, scope } = fixture(name);
    const phase = phaseOf(await lookAtSession(locatedAt(session, scope)));
    for (const state of STATES.filter((one) => one === phase)) {
      expect(await isRuledOut(session, scope.roots, new Set([state]))).toBe(false);
      for (const other of STATES) {
        expect(await isRuledOut(session, scope.roots, new Set([other, state]))).toBe(false);
      }
    }
  });

  it.each([
    ['01-finished-success', true, true],
    ['06-completion-failure-only', true, true],
    ['07-alive-daemon', false, false],
    ['09-dead-no-result-recent', true, false],
  ])('of %s is known without its records', async (name, alive, dead) => {
    const { session, scope } = fixture(name);
    const { roots } = scope;
    expect(await isRuledOut(session, roots, new Set(['alive']))).toBe(alive);
    expect(await isRuledOut(session, roots, new Set(['dead']))).toBe(dead);
    expect(await isRuledOut(session, roots, new Set(['alive', 'dead']))).toBe(alive && dead);
  });

  it.each(['unknown', 'finished', 'success', 'failed'] as const)('is nothing where %s counts, too', async (state) => {
    const { session, scope } = fixture('01-finished-success');
    expect(await isRuledOut(session, scope.roots, new Set(['alive', 'dead', state]))).toBe(false);
  });

  it('is nothing where nothing in particular is asked for', async () => {
    const { session, scope } = fixture('01-finished-success');
    expect(await isRuledOut(session, scope.roots, undefined)).toBe(false);
  });
});
