import { DEAD_EXIT, exitCodeOf, type Hints, INTERRUPTED_EXITS, type Located, targetWords } from '@csa/calls';
import { describeEnd } from '@csa/calls/look';
import { Refusal } from '@csa/session';
import type { Outcome } from '@csa/wait';
import type { Interrupts } from '../interrupts.ts';
import type { Report } from '../report.ts';
import { terminalOf } from '../terminal.ts';
import { type SpokenWait, waitWords } from '../wait/wait-words.ts';
import type { FollowEnd } from './follow-logs.ts';

export interface FollowStory {
  readonly located: Located;
  readonly interrupts: Interrupts;
  readonly hints: Hints;
  /** The exit code is the session's, as a wait would give it. */
  readonly passesExitCode: boolean;
}

/** Words how the following of a session's logs ended. @throws Refusal reason=reader-gone | registry-lost | alias-... */
export function followReport(end: FollowEnd, story: FollowStory): Promise<Report> | Report {
  switch (end.kind) {
    case 'interrupted':
      return { exitCode: INTERRUPTED_EXITS[story.interrupts.cause ?? 'SIGTERM'], stdout: [], stderr: [] };
    case 'unread':
      // 0 would say that the session has succeeded.
      if (story.passesExitCode) throw readerGone(story.located);
      return { exitCode: 0, stdout: [], stderr: [] };
    case 'over':
      return overReport(end, story);
  }
}

async function overReport(over: Extract<FollowEnd, { kind: 'over' }>, story: FollowStory): Promise<Report> {
  const { located, hints, passesExitCode } = story;
  const outcome = requireEnd(over, located);
  const exitCode = outcome === undefined ? DEAD_EXIT : exitCodeOf(outcome);
  const end: SpokenWait = {
    ...(await describeEnd(over.waited, located.session, over.session)),
    session: located.session.id,
    cap: { capMs: undefined, source: 'flag' },
    aliveExitCode: 0,
    hints,
    target: located.target,
    waitFlags: [],
    isCi: false,
    hasColour: terminalOf(process.stderr, process.env).hasColour,
  };
  const stderr = waitWords(end, passesExitCode ? exitCode : (outcome?.exitCode ?? DEAD_EXIT));
  return { exitCode: passesExitCode ? exitCode : 0, stdout: [], stderr };
}

/** How the session ended; `undefined`: dead with nothing recorded. */
function requireEnd({ waited: { end } }: Extract<FollowEnd, { kind: 'over' }>, located: Located): Outcome | undefined {
  if (end.kind === 'finished') return end.outcome;
  if (end.kind === 'dead') return undefined;
  const reason = end.kind === 'lost' ? 'registry-lost' : 'reason' in end ? end.reason : end.kind;
  throw new Refusal({
    reason: reason ?? 'unknown',
    what: `the logs of session ${located.session.id} cannot be followed any further`,
    expected: 'a session whose end can be known',
    got: end.kind === 'lost' ? 'a directory that was removed or replaced; the command may still run' : String(reason),
    next: 'Look at the list for what became of it',
    command: ['session', 'list'],
  });
}

function readerGone({ session, target }: Located): Refusal {
  return new Refusal({
    reason: 'reader-gone',
    what: `how session ${session.id} ends was not seen`,
    expected: 'a reader until the end of the session, because its exit code was asked for',
    got: 'one that went away',
    next: 'Wait for the session, which goes on',
    command: ['session', 'wait', ...targetWords(target)],
  });
}
