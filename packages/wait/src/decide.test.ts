import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { type Case, everyCase, factsOf, isUnknown, resultOf } from './facts.test.data.ts';
import type { Outcome, Verdict } from './verdict.ts';

/** One line of the policy: when it applies, and what it says. Exactly one line applies to every case. */
interface Row {
  readonly name: string;
  readonly when: (c: Case) => boolean;
  readonly says: (c: Case) => Verdict;
}

const isProvisional = (c: Case): boolean => Array.isArray(c.result) && c.result[0] === 'tier_failover_superseded';
const isFinal = (c: Case): boolean =>
  Array.isArray(c.result) && !isProvisional(c) && (c.once || c.trust || c.daemon === 'dead');
const notFinalYet = (c: Case): { provisional?: string } =>
  Array.isArray(c.result) ? { provisional: c.result[0] } : {};
const packetCode = (c: Case): number => (typeof c.completion === 'number' && c.completion !== 0 ? c.completion : 1);
const deadWithout = (c: Case): boolean => c.daemon === 'dead' && c.result === 'absent';

const failed = (exitCode: number, rest: object, detail: { detail?: string } = {}): Verdict => {
  const outcome: Outcome = { status: 'failure', success: false, exitCode, ...detail };
  return { kind: 'finished', source: 'daemon-completion', outcome, daemonAlive: false, ...rest };
};
const WAITING: Verdict = { kind: 'waiting' };

const CASES = everyCase();
const SUCCESSES = ['success/0', 'retired/0'];

const POLICY: readonly Row[] = [
  {
    name: 'a final result is the answer',
    when: isFinal,
    says: (c) => {
      const { reason, ...said } = resultOf(c);
      const success = SUCCESSES.includes(`${said.status}/${said.exitCode}`);
      const outcome = { ...said, success, ...(reason === undefined ? {} : { detail: reason }) };
      return { kind: 'finished', source: 'result', outcome, daemonAlive: c.daemon === 'alive' };
    },
  },
  {
    name: 'alive before the cap: wait on',
    when: (c) => !isFinal(c) && c.daemon === 'alive' && !c.cap,
    says: () => WAITING,
  },
  {
    name: 'alive at the cap',
    when: (c) => !isFinal(c) && c.daemon === 'alive' && c.cap,
    says: (c) => ({ kind: 'alive', ...notFinalYet(c) }),
  },
  {
    name: 'unknown before the cap: wait on',
    when: (c) => !isFinal(c) && isUnknown(c.daemon) && !c.cap,
    says: () => WAITING,
  },
  {
    name: 'unknown at the cap',
    when: (c) => !isFinal(c) && isUnknown(c.daemon) && c.cap,
    says: (c) => ({ kind: 'undetermined', reason: c.daemon as never, ...notFinalYet(c) }),
  },
  {
    name: 'dead, the result unreadable',
    when: (c) => c.daemon === 'dead' && c.result === 'unreadable',
    says: (c) => failed(packetCode(c), { source: 'result', reason: 'result-unreadable' }),
  },
  {
    name: 'dead, the result provisional for ever',
    when: (c) => c.daemon === 'dead' && isProvisional(c),
    says: (c) => failed(packetCode(c), { source: 'result', reason: 'result-not-final' }),
  },
  {
    name: 'dead, only a completion that tells of a failure',
    when: (c) => deadWithout(c) && typeof c.completion === 'number' && c.completion !== 0,
    says: (c) => failed(c.completion as number, {}, c.completion === 143 ? { detail: 'terminated' } : {}),
  },
  {
    name: 'dead, only a completion that claims a success: no proof',
    when: (c) => deadWithout(c) && c.completion === 0,
    says: () => failed(1, { reason: 'result-missing' }),
  },
  {
    name: 'dead, only a completion that cannot be read',
    when: (c) => deadWithout(c) && c.completion === 'unreadable',
    says: () => failed(1, { reason: 'completion-unreadable' }),
  },
  {
    name: 'dead, nothing recorded',
    when: (c) => deadWithout(c) && c.completion === 'absent',
    says: () => ({ kind: 'dead' }),
  },
  {
    name: 'dead, trouble with the file that would decide, before the cap: read again',
    when: (c) => c.daemon === 'dead' && !c.cap && troubled(c),
    says: () => WAITING,
  },
  {
    name: 'dead, trouble with the file that would decide, at the cap',
    when: (c) => c.daemon === 'dead' && c.cap && troubled(c),
    says: () => ({ kind: 'undetermined', reason: 'io-error' }),
  },
];

function troubled(c: Case): boolean {
  return c.result === 'error' || (c.result === 'absent' && c.completion === 'error');
}

/** The cases of which something is said that must not be. */
function casesWhere(isWrong: (verdict: Verdict, c: Case) => boolean): string[] {
  return CASES.filter((c) => isWrong(decide(factsOf(c)), c)).map((c) => JSON.stringify(c));
}

test('every combination of facts has exactly one line of the policy', () => {
  const lines = CASES.map((c) => POLICY.filter((row) => row.when(c)));
  expect(CASES.filter((_, i) => lines[i]?.length !== 1)).toEqual([]);
  expect(new Set(lines.flat()).size).toBe(POLICY.length);
});

test.each(POLICY)('$name', ({ when, says }) => {
  const wrong = CASES.filter(when).flatMap((c) => {
    const got = decide(factsOf(c));
    return isDeepStrictEqual(got, says(c)) ? [] : [{ case: c, got, expected: says(c) }];
  });
  expect(wrong).toEqual([]);
});

test('success is only ever claimed from a final result that says so', () => {
  const says = (verdict: Verdict): boolean => verdict.kind === 'finished' && verdict.outcome.success;
  const isTrue = (c: Case): boolean => isFinal(c) && SUCCESSES.includes((c.result as [string, number]).join('/'));
  expect(casesWhere((verdict, c) => says(verdict) !== isTrue(c))).toEqual([]);
  expect(casesWhere((verdict) => says(verdict) && !('source' in verdict && verdict.source === 'result'))).toEqual([]);
});

test('dead is said exactly when the daemon is dead and nothing at all was recorded', () => {
  const nothing = (c: Case): boolean => c.daemon === 'dead' && c.result === 'absent' && c.completion === 'absent';
  expect(casesWhere((verdict, c) => (verdict.kind === 'dead') !== nothing(c))).toEqual([]);
});

test('a file that would decide and cannot be read never makes a session finished or dead', () => {
  const isVerdict = (verdict: Verdict): boolean => verdict.kind === 'finished' || verdict.kind === 'dead';
  expect(casesWhere((verdict, c) => troubled(c) && isVerdict(verdict))).toEqual([]);
});

test('of a daemon that is not dead the completion says nothing', () => {
  const without = (c: Case): Verdict => decide(factsOf({ ...c, completion: 'absent' }));
  expect(casesWhere((verdict, c) => c.daemon !== 'dead' && !isDeepStrictEqual(verdict, without(c)))).toEqual([]);
});

test('the cap turns waiting into an answer, and changes no other answer', () => {
  const isWrong = (verdict: Verdict, c: Case): boolean => {
    const atCap = decide(factsOf({ ...c, cap: true }));
    if (verdict.kind !== 'waiting') return !isDeepStrictEqual(verdict, atCap);
    return c.cap || !['alive', 'undetermined'].includes(atCap.kind);
  };
  expect(casesWhere(isWrong)).toEqual([]);
});
