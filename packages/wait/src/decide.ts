import { type Completion, PROVISIONAL_STATUS, type Reading, type SessionResult } from '@csa/session';
import type { Facts } from './facts.ts';
import type { FailureReason, Outcome, Verdict } from './verdict.ts';

const WAITING: Verdict = { kind: 'waiting' };
const GOOD_STATUSES = new Set(['success', 'retired']);

/**
 * The whole policy of a wait. Success is only ever claimed from a final result; dead is only said of a daemon that is
 * dead and left neither a result nor a completion.
 */
export function decide(facts: Facts): Verdict {
  const { result, daemon } = facts;
  if (result.kind === 'present' && isFinal(result.value, facts)) {
    return {
      kind: 'finished',
      source: 'result',
      outcome: outcomeOf(result.value),
      daemonAlive: daemon.state === 'alive',
    };
  }
  switch (daemon.state) {
    case 'alive':
      return facts.capReached ? { kind: 'alive', ...provisional(result) } : WAITING;
    case 'unknown':
      return facts.capReached ? { kind: 'undetermined', reason: daemon.reason, ...provisional(result) } : WAITING;
    case 'dead':
      return decideDead(facts);
  }
}

function isFinal(result: SessionResult, facts: Facts): boolean {
  const lastWord = facts.publishedOnce || facts.daemon.state === 'dead' || facts.trustResult;
  return lastWord && result.status !== PROVISIONAL_STATUS;
}

/** A dead writer writes no more: what the records say now is final, and our own trouble in reading them is no verdict. */
function decideDead({ result, completion, capReached }: Facts): Verdict {
  switch (result.kind) {
    case 'error':
      return ioError(capReached);
    case 'unreadable':
      return failure('result', packetCode(completion), 'result-unreadable');
    case 'present':
      return failure('result', packetCode(completion), 'result-not-final');
    case 'absent':
      return decideByCompletion(completion, capReached);
  }
}

function decideByCompletion(completion: Reading<Completion>, capReached: boolean): Verdict {
  switch (completion.kind) {
    case 'error':
      return ioError(capReached);
    case 'absent':
      return { kind: 'dead' };
    case 'unreadable':
      return failure('daemon-completion', 1, 'completion-unreadable');
    case 'present': {
      const { exitCode, reason } = completion.value;
      if (exitCode === 0) return failure('daemon-completion', 1, 'result-missing');
      return failure('daemon-completion', exitCode, undefined, reason);
    }
  }
}

function ioError(capReached: boolean): Verdict {
  return capReached ? { kind: 'undetermined', reason: 'io-error' } : WAITING;
}

function failure(
  source: 'result' | 'daemon-completion',
  exitCode: number,
  reason: FailureReason | undefined,
  detail?: string,
): Verdict {
  const outcome: Outcome = { status: 'failure', success: false, exitCode, ...(detail === undefined ? {} : { detail }) };
  return { kind: 'finished', source, outcome, daemonAlive: false, ...(reason === undefined ? {} : { reason }) };
}

/** A completion can explain a failure, so its code counts only when it is one. */
function packetCode(completion: Reading<Completion>): number {
  return completion.kind === 'present' && completion.value.exitCode !== 0 ? completion.value.exitCode : 1;
}

function outcomeOf(result: SessionResult): Outcome {
  const { reason, ...rest } = result;
  const success = GOOD_STATUSES.has(result.status) && result.exitCode === 0;
  return { ...rest, success, ...(reason === undefined ? {} : { detail: reason }) };
}

function provisional(result: Reading<SessionResult>): { provisional?: string } {
  return result.kind === 'present' ? { provisional: result.value.status } : {};
}
