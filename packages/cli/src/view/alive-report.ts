import { DEAD_EXIT, type Located, NO_ANSWER_EXIT, targetWords } from '@csa/calls';
import type { WaitedSession } from '@csa/calls/look';
import { phaseOf, reasonOf, type SessionPhase } from '@csa/calls/view';
import { Refusal } from '@csa/session';
import type { Report } from '../report.ts';

/** Nothing here reads as success but alive. */
const ALIVE_EXITS: Readonly<Record<SessionPhase, number>> = {
  alive: 0,
  finished: 1,
  dead: DEAD_EXIT,
  unknown: NO_ANSWER_EXIT,
};

/** The exit code is the whole answer. @throws Refusal where there is none; `reason` says why */
export function aliveReport({ session, target }: Located, looked: WaitedSession): Report {
  const state = phaseOf(looked);
  if (state !== 'unknown') return { exitCode: ALIVE_EXITS[state], stdout: [], stderr: [] };
  const reason = reasonOf(looked) ?? 'unknown';
  throw new Refusal({
    reason,
    what: `whether session ${session.id} is alive cannot be told`,
    expected: 'a supervisor that can be seen from here',
    got: reason,
    next: 'See what is known of it',
    command: ['session', 'status', ...targetWords(target), '--explain'],
  });
}

/** The same exit codes, with one document on standard output. */
export function aliveDocument({ session }: Located, looked: WaitedSession): Report {
  const state = phaseOf(looked);
  const exit = ALIVE_EXITS[state];
  const document = {
    schema: 'csa.session-is-alive/1',
    session: session.id,
    resolved: looked.resolved ?? null,
    state,
    exit,
    reason: state === 'unknown' ? (reasonOf(looked) ?? 'unknown') : null,
  };
  return { exitCode: exit, stdout: [JSON.stringify(document)], stderr: [] };
}
