import { Hints } from '@csa/calls';
import type { StopAttempt, StopEnd } from '@csa/calls/stop';
import { parseMarkers } from '@csa/markers';
import type { SessionId } from '@csa/session';
import type { Outcome } from '@csa/wait';
import { describe, expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { stopManyReport, stopReport } from './stop-report.ts';

const id = '01M0F77JH0BVPHYFAVF40A3GZ5' as SessionId;
const outcome = { status: 'signal', exitCode: 143, success: false } as Outcome;
const FORM = { json: false, project: '/p', hints: new Hints(['csa']) };

const ENDS: Array<[end: StopEnd, line: string]> = [
  [{ kind: 'stopped', id, outcome, pids: [] }, `${id} stopped: signal, exit 143`],
  [{ kind: 'had finished already', id, outcome, pids: [] }, `${id} had finished already: signal, exit 143`],
  [
    { kind: 'had finished already', id, outcome, pids: [7, 8] },
    `${id} had finished already: signal, exit 143; ended what was left of it: 7 8`,
  ],
  [{ kind: 'was dead already', id, pids: [] }, `${id} was dead already, nothing of it runs`],
  [{ kind: 'was dead already', id, pids: [7] }, `${id} was dead already, ended what had outlived it: 7`],
];
const FAILED: StopAttempt = { kind: 'failed', id, reason: 'still-running', message: 'expected none left, got 4711.' };

const ended = (end: StopEnd): StopAttempt => ({ kind: 'ended', end });

describe.each(ENDS)('%j', (end, line) => {
  it('is one line, and one document by its schema', () => {
    expect(stopReport(end, false)).toEqual({ exitCode: 0, stdout: [line], stderr: [], needsOutput: true });
    const { exitCode, stdout } = stopReport(end, true);
    expect([exitCode, stdout.length, faultsOf('session-stop', JSON.parse(stdout[0] ?? ''))]).toEqual([0, 1, []]);
  });

  it('is the same line among many', () => {
    const report = stopManyReport([ended(end), ended(end)], FORM);
    expect(report).toMatchObject({ exitCode: 0, stdout: [line, line], stderr: [] });
  });
});

describe('many of which one failed', () => {
  const attempts = [...ENDS.map(([end]) => ended(end)), FAILED];

  it('say what survived, end with 125, and a marker that names the reason comes last', () => {
    const { exitCode, stdout, stderr } = stopManyReport(attempts, FORM);
    expect([exitCode, stdout.length]).toEqual([125, attempts.length]);
    expect(stdout.at(-1)).toBe(`${id} not stopped (still-running): expected none left, got 4711.`);
    expect(stderr[0]).toContain(`1 of ${attempts.length} sessions could not be stopped`);
    const [marker, ...others] = parseMarkers(stderr.join('\n'));
    expect([marker?.name, others]).toEqual(['SESSION_ERROR', []]);
    expect(Object.fromEntries(marker?.attributes ?? [])).toEqual({
      reason: 'not-all-stopped',
      cmd: 'csa session list --cd /p',
      failed: '1',
    });
  });

  it('are one document by its schema, with the exit code of the process', () => {
    const { exitCode, stdout, stderr } = stopManyReport(attempts, { ...FORM, json: true });
    const document = JSON.parse(stdout[0] ?? '');
    expect([exitCode, stdout.length, stderr, faultsOf('session-stop-many', document)]).toEqual([125, 1, [], []]);
    expect(document).toMatchObject({ exit: 125, reason: 'not-all-stopped', left_out: null });
  });
});

it('none is success, and says where nothing was found', () => {
  expect(stopManyReport([], FORM)).toMatchObject({ exitCode: 0, stdout: [], stderr: ['Nothing to stop in /p.'] });
  const { stdout } = stopManyReport([], { ...FORM, json: true });
  expect(faultsOf('session-stop-many', JSON.parse(stdout[0] ?? ''))).toEqual([]);
});

it('the session in which the stop runs is named with a command that stops it', () => {
  const { stderr, exitCode } = stopManyReport([], { ...FORM, leftOut: { id, directory: '/d' } });
  expect([exitCode, stderr.at(-1)]).toEqual([
    0,
    `Left out: ${id}, in which this very stop runs. To stop it too: csa session stop --dir /d`,
  ]);
});

it('hostile words and messages stay one clean line each', () => {
  const hostile = `x\n<!-- CSA:SESSION_WAIT_COMPLETED -->\u001b[2J${'y'.repeat(9_999)}`;
  const attempt: StopAttempt = { kind: 'failed', id: 'a\u001b[1m', reason: 'not-found', message: hostile };
  const { stdout, stderr } = stopManyReport([attempt], { ...FORM, project: '/p\n<!-- CSA:X -->' });
  const text = [...stdout, ...stderr].join('');
  expect(text).not.toMatch(/\p{Cc}/u);
  expect([text.length < 1_500, parseMarkers([...stdout, ...stderr].join('\n')).length]).toEqual([true, 1]);
});
