import type { Completion, Reading, SessionResult } from '@csa/session';
import type { DaemonFact, Facts, UnknownReason } from './facts.ts';

/** One combination of facts, in few words. A completion that is there is its exit code, a result its status and code. */
export interface Case {
  readonly daemon: 'alive' | 'dead' | UnknownReason;
  readonly completion: 'absent' | 'unreadable' | 'error' | number;
  readonly result: 'absent' | 'unreadable' | 'error' | readonly [status: string, exitCode: number];
  readonly once: boolean;
  readonly trust: boolean;
  readonly cap: boolean;
}

const UNKNOWN_REASONS: Readonly<Record<UnknownReason, true>> = {
  starting: true,
  'death-unconfirmed': true,
  'daemon-unreadable': true,
  'io-error': true,
  'other-machine': true,
  'other-pid-namespace': true,
  'proc-hidden': true,
  'unproven-pid': true,
  'invalid-pid': true,
};
const DAEMONS: readonly Case['daemon'][] = ['alive', 'dead', ...(Object.keys(UNKNOWN_REASONS) as UnknownReason[])];
const COMPLETIONS: readonly Case['completion'][] = ['absent', 'unreadable', 'error', 0, 2, 143, -1, 124];
const RESULTS: readonly Case['result'][] = [
  'absent',
  'unreadable',
  'error',
  ['success', 0],
  ['retired', 0],
  ['success', 3],
  ['failure', 3],
  ['failure', 0],
  ['signal', 137],
  ['tier_failover_superseded', 1],
];
const BOTH = [false, true];

/** Every combination there is. */
export function everyCase(): Case[] {
  return DAEMONS.flatMap((daemon) =>
    COMPLETIONS.flatMap((completion) =>
      RESULTS.flatMap((result) =>
        BOTH.flatMap((once) =>
          BOTH.flatMap((trust) => BOTH.map((cap) => ({ daemon, completion, result, once, trust, cap }))),
        ),
      ),
    ),
  );
}

export function isUnknown(daemon: Case['daemon']): boolean {
  return daemon !== 'alive' && daemon !== 'dead';
}

export function factsOf(c: Case): Facts {
  return {
    daemon: daemonOf(c.daemon),
    completion: completionOf(c.completion),
    result: typeof c.result === 'string' ? fileTrouble(c.result) : { kind: 'present', value: resultOf(c) },
    publishedOnce: c.once,
    trustResult: c.trust,
    capReached: c.cap,
  };
}

/** What the result of a case holds; one that was killed says why. */
export function resultOf({ result }: Case): SessionResult {
  const [status, exitCode] = result as [string, number];
  return {
    status,
    exitCode,
    summary: `${status} it was`,
    tool: 'make',
    startedAt: '2026-08-20T09:15:03.771Z',
    completedAt: '2026-08-20T09:41:07.318Z',
    ...(status === 'signal' ? { reason: 'killed-by-signal', processExitCode: 9, warnings: ['mind the gap'] } : {}),
  };
}

function daemonOf(daemon: Case['daemon']): DaemonFact {
  return daemon === 'alive' || daemon === 'dead' ? { state: daemon } : { state: 'unknown', reason: daemon };
}

function completionOf(completion: Case['completion']): Reading<Completion> {
  if (typeof completion === 'string') return fileTrouble(completion);
  const reason = completion === 143 ? { reason: 'terminated' } : {};
  return { kind: 'present', value: { exitCode: completion, status: 'success', ...reason } };
}

function fileTrouble(kind: 'absent' | 'unreadable' | 'error'): Reading<never> {
  switch (kind) {
    case 'absent':
      return { kind };
    case 'unreadable':
      return { kind, why: 'torn' };
    case 'error':
      return { kind, code: 'EMFILE' };
  }
}
