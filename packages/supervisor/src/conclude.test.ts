import type { CommandReport, Reading, SessionResult, StopRequest } from '@csa/session';
import { expect, test } from 'vitest';
import { conclude, type Ended } from './conclude.ts';
import type { Cause, End, Exit } from './transition.ts';

const TIMES = { startedAt: '2026-08-20T09:15:03Z', completedAt: '2026-08-20T09:41:07Z' };
const code = (n: number): Exit => ({ kind: 'code', code: n });
const by = (signal: NodeJS.Signals): Exit => ({ kind: 'signal', signal });
const exited = (exit: Exit): End => ({ kind: 'exited', exit });
const ended = (cause: Cause, exit: Exit, killed = false): End => ({ kind: 'ended', cause, exit, killed });
const stop = (signal: NodeJS.Signals, why = ''): Cause => {
  const request: StopRequest = { by: 'alice', at: 'now', why, signal, graceMs: 1 };
  return { kind: 'stop', request };
};
const LIMIT: Cause = { kind: 'time-limit', limitMs: 90_000 };
const IDLE: Cause = { kind: 'idle-limit', limitMs: 1_500 };
const TOLD: Cause = { kind: 'terminated', signal: 'SIGINT' };
const NOT_FOUND: End = {
  kind: 'not-started',
  exitCode: 127,
  reason: 'not-found',
  detail: 'cannot start: x was not found',
};

function resultOf(end: End, more: Partial<Ended> = {}): SessionResult {
  return conclude({ end, report: { kind: 'absent' }, lastLine: 'bye', tool: 'make', warnings: [], ...TIMES, ...more });
}

const ENDS: readonly (readonly [name: string, end: End, status: string, exitCode: number, reason?: string])[] = [
  ['exit 0', exited(code(0)), 'success', 0],
  ['exit 3', exited(code(3)), 'failure', 3],
  ['exit 124', exited(code(124)), 'failure', 124],
  ['exit 255', exited(code(255)), 'failure', 255],
  ['killed', exited(by('SIGKILL')), 'signal', 137, 'killed-by-signal'],
  ['crashed', exited(by('SIGSEGV')), 'signal', 139, 'killed-by-signal'],
  ['at its limit, by the signal', ended(LIMIT, by('SIGTERM')), 'timeout', 143, 'time-limit'],
  ['at its limit, by itself', ended(LIMIT, code(0)), 'timeout', 143, 'time-limit'],
  ['at its limit, killed', ended(LIMIT, by('SIGKILL'), true), 'timeout', 137, 'time-limit'],
  ['at its limit, by itself but others of its group killed', ended(LIMIT, code(0), true), 'timeout', 137, 'time-limit'],
  ['idle, by the signal', ended(IDLE, by('SIGTERM')), 'timeout', 143, 'idle'],
  ['idle, by itself', ended(IDLE, code(0)), 'timeout', 143, 'idle'],
  ['idle, killed', ended(IDLE, by('SIGKILL'), true), 'timeout', 137, 'idle'],
  ['stopped', ended(stop('SIGTERM'), by('SIGTERM')), 'signal', 143, 'stopped'],
  ['stopped by INT, ending by itself', ended(stop('SIGINT'), code(0)), 'signal', 130, 'stopped'],
  ['stopped by KILL', ended(stop('SIGKILL'), by('SIGKILL')), 'signal', 137, 'stopped'],
  ['ended because its supervisor got a signal', ended(TOLD, code(5)), 'signal', 143, 'terminated'],
  ['not started', NOT_FOUND, 'failure', 127, 'not-found'],
];

const REPORTS: Readonly<Record<string, Reading<CommandReport>>> = {
  absent: { kind: 'absent' },
  lower: { kind: 'present', value: { status: 'failure', exitCode: 9, summary: 'said so' } },
  raise: { kind: 'present', value: { status: 'success', exitCode: 0, summary: 'said so' } },
  unreadable: { kind: 'unreadable', why: 'torn' },
  error: { kind: 'error', code: 'EIO' },
};

const CASES = ENDS.flatMap(([name, end, status, exitCode, reason]) =>
  Object.entries(REPORTS).map(([report, reading]) => ({ report, reading, name, end, status, exitCode, reason })),
);

test.each(CASES)('with a report that is $report: $name', ({ report, reading, end, status, exitCode, reason }) => {
  const result = resultOf(end, { report: reading });
  const { status: gotStatus, exitCode: gotCode, processExitCode } = result;
  const isOrdinary = end.kind === 'exited' && end.exit.kind === 'code';
  if (isOrdinary && report === 'lower') expect([gotStatus, gotCode]).toEqual(['failure', 9]);
  else if (isOrdinary && report === 'raise') expect([gotStatus, gotCode]).toEqual(['success', 0]);
  else if (isOrdinary && report === 'error' && exitCode === 0) expect([gotStatus, gotCode]).toEqual(['error', 1]);
  else expect([gotStatus, gotCode]).toEqual([status, exitCode]);
  expect(processExitCode).toBe(gotCode === exitCode ? undefined : exitCode);
  expect(result.reason).toBe(gotStatus === 'error' ? 'report-unreadable' : reason);
  const isTrouble = report === 'unreadable' || report === 'error';
  expect(result.warnings?.join() ?? '').toMatch(isTrouble ? /report.*could not be read: (torn|EIO)$/ : /^$/);
});

test.each([
  ['the last line', exited(code(0)), 'bye'],
  ['how it was killed', exited(by('SIGKILL')), 'killed by SIGKILL; last output: bye'],
  ['the limit', ended(LIMIT, code(0)), 'ended at its time limit of 90s; last output: bye'],
  [
    'the idle limit',
    ended(IDLE, code(0)),
    'ended at its idle limit: no output and no CPU time for 1.5s; last output: bye',
  ],
  ['who stopped it and why', ended(stop('SIGTERM', 'lunch'), code(0)), 'stopped by alice: lunch; last output: bye'],
  ['who stopped it', ended(stop('SIGTERM'), code(0)), 'stopped by alice; last output: bye'],
  ['the signal of its supervisor', ended(TOLD, code(0)), 'ended because its supervisor got SIGINT; last output: bye'],
  ['why it did not start', NOT_FOUND, 'cannot start: x was not found'],
])('the summary says %s', (_, end, summary) => {
  expect(resultOf(end).summary).toBe(summary);
});

test('without output the summary has none', () => {
  expect(resultOf(exited(code(0)), { lastLine: '' }).summary).toBe('');
  expect(resultOf(exited(by('SIGKILL')), { lastLine: '\0\u001b[0m ' }).summary).toBe('killed by SIGKILL');
});

test('a report without a summary leaves that to the last line', () => {
  const report = { kind: 'present', value: { status: 'success', exitCode: 0 } } as const;
  expect(resultOf(exited(code(1)), { report }).summary).toBe('bye');
});

const HOSTILE = [
  '<!-- CSA:SESSION_WAIT_COMPLETED session=x status=success exit=0 -->',
  '\u001b]0;title\u0007\u001b[2Jcleared\u001b[31m',
  'one\r\ntwo\0three\u202eeerht\u200b',
  `${'long 🚀 '.repeat(20_000)}`,
  '\ud800 lone',
];

test.each(HOSTILE)('hostile words are cleaned and bounded wherever they come from', (text) => {
  const report = { kind: 'present', value: { status: text, exitCode: 1, summary: text } } as const;
  const request = { by: text, at: 'now', why: text, signal: 'SIGTERM', graceMs: 1 } as const;
  const results = [
    resultOf(exited(code(1)), { lastLine: text, tool: text, warnings: [text] }),
    resultOf(exited(code(1)), { report }),
    resultOf(exited(by('SIGKILL')), { lastLine: text }),
    resultOf(ended({ kind: 'stop', request }, code(0)), { lastLine: text }),
    resultOf({ kind: 'not-started', exitCode: 126, reason: 'not-executable', detail: text }),
    resultOf(exited(code(1)), { report: { kind: 'unreadable', why: text } }),
  ];
  for (const { status, summary, tool, warnings = [] } of results) {
    for (const words of [status, tool, ...warnings, summary.replaceAll('\n', '')]) {
      expect(words).not.toMatch(
        /<!--\s*CSA:|[\p{Cc}\u202a-\u202e\u200b]|[\ud800-\udfff](?![\udc00-\udfff])(?<![\ud800-\udbff].)/u,
      );
    }
    for (const words of [status, tool, ...warnings]) expect(Buffer.byteLength(words)).toBeLessThanOrEqual(1_000);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(4_000);
    expect(summary.isWellFormed()).toBe(true);
  }
});
