import { cleanLine, cleanText } from '@csa/markers';
import { Refusal } from '@csa/session';
import type { FailureReason, Outcome } from '@csa/wait';
import { targetWords } from '../hints.ts';
import type { Located } from '../locate.ts';
import type { WaitedSession } from '../wait/wait-session.ts';
import type { Aftermath } from './aftermath.ts';
import type { SessionView } from './session-view.ts';

/** How a session has finished. */
export interface Finished {
  readonly outcome: Outcome;
  readonly reason?: FailureReason;
}

/** @throws Refusal reason=not-finished | no-result | unknown */
export function requireFinished({ waited: { end } }: WaitedSession, { session, target }: Located): Finished {
  if (end.kind === 'finished') return end;
  const where = targetWords(target);
  if (end.kind === 'dead') {
    throw new Refusal({
      reason: 'no-result',
      what: `session ${session.id} has no result and will have none`,
      expected: 'a recorded result',
      got: 'a dead supervisor that recorded nothing',
      next: 'Look at its logs',
      command: ['session', 'logs', ...where],
    });
  }
  throw new Refusal({
    reason: end.kind === 'alive' ? 'not-finished' : 'unknown',
    what: `session ${session.id} has no result yet`,
    expected: 'a finished session',
    got:
      end.kind === 'alive'
        ? 'one that is alive'
        : `one of which nothing can be said (${'reason' in end ? end.reason : end.kind})`,
    next: 'Wait for it',
    command: ['session', 'wait', ...where],
  });
}

/** What stands around an outcome. */
export interface ResultFacts {
  readonly view: SessionView;
  readonly reason?: FailureReason | undefined;
  readonly aftermath: Aftermath;
}

/** The one JSON document of a result; all text is clean. */
export function resultDocument(outcome: Outcome, { view, reason, aftermath }: ResultFacts): object {
  return {
    schema: 'csa.session-result/1',
    session: view.id,
    resolved: view.resolved,
    status: cleanLine(outcome.status),
    exit_code: outcome.exitCode,
    process_exit_code: outcome.processExitCode ?? null,
    success: outcome.success,
    reason: reason ?? view.reason,
    summary: cleanText(outcome.summary ?? ''),
    tool: view.tool,
    started_at: line(outcome.startedAt) ?? null,
    completed_at: line(outcome.completedAt) ?? null,
    ...aftermath,
    directory: view.directory,
    stdout_log: view.stdout_log,
    stderr_log: view.stderr_log,
  };
}

function line(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cleanLine(text);
}
