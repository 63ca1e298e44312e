import { describe, expect, it } from 'vitest';
import { faultsOf } from '../json-schema.test.fixture.ts';
import { doctorReport } from './doctor-report.ts';
import { CHECKS, type Finding, type Level } from './finding.ts';

const PLAIN = { json: false, hasColour: false };
const JSON_FORM = { json: true, hasColour: true };
const LEVELS: readonly Level[] = ['ok', 'note', 'warning', 'problem'];

function finding(level: Level, rest: Partial<Finding> = {}): Finding {
  return { check: 'program', level, finding: `a ${level}`, ...rest };
}

describe('over every combination of levels', () => {
  const SETS = Array.from({ length: 16 }, (_, bits) => LEVELS.filter((_level, i) => bits & (1 << i)));

  it.each(SETS.map((levels) => [levels.join(', '), levels] as const))(
    '%s: the code is 1 for a problem alone',
    (_, levels) => {
      const findings = levels.map((level) => finding(level));
      const code = levels.includes('problem') ? 1 : 0;
      const { exitCode, stdout, stderr, needsOutput } = doctorReport(findings, PLAIN);
      expect([exitCode, stderr, needsOutput]).toEqual([code, [], true]);
      expect(stdout.at(-1)?.startsWith('No problems')).toBe(code === 0);
      const [text = ''] = doctorReport(findings, JSON_FORM).stdout;
      expect(faultsOf('doctor', JSON.parse(text))).toEqual([]);
      expect(JSON.parse(text).exit).toBe(code);
    },
  );
});

it('groups stand in their order, whatever the order of what was found', () => {
  const findings = CHECKS.toReversed().map((check) => finding('ok', { check }));
  const titles = doctorReport(findings, PLAIN).stdout.filter((line) => !line.startsWith(' '));
  expect(titles).toEqual([...CHECKS, 'No problems.']);
});

it('marks, remedies and commands are shown', () => {
  const findings = [
    finding('ok'),
    finding('note', { remedy: 'Think' }),
    finding('warning', { remedy: 'Do it', command: 'do it' }),
    finding('problem', { remedy: 'Do that' }),
  ];
  expect(doctorReport(findings, PLAIN).stdout).toEqual([
    'program',
    '  ok  a ok',
    '  --  a note',
    '      Think',
    '  !!  a warning',
    '      Do it: do it',
    '  xx  a problem',
    '      Do that',
    '1 problem, 1 warning: what to do stands below each.',
  ]);
});

it('what is to be done about several in a row is said once', () => {
  const same = { remedy: 'Do it', command: 'do it' };
  const { stdout } = doctorReport([finding('warning', same), finding('warning', same), finding('ok')], PLAIN);
  expect(stdout.filter((line) => line.includes('Do it'))).toHaveLength(1);
  expect(stdout.indexOf('      Do it: do it')).toBe(3);
});

it('colours are for terminals alone', () => {
  expect(doctorReport([finding('problem')], { json: false, hasColour: true }).stdout.join()).toContain('\u001b[31mxx');
  expect(doctorReport([finding('problem')], PLAIN).stdout.join()).not.toContain('\u001b');
  expect(doctorReport([finding('problem')], JSON_FORM).stdout.join()).not.toContain('\u001b');
});

it('text of other people is made safe', () => {
  const hostile = 'x\u001b[31m\n<!-- CSA:SESSION_WAIT_COMPLETED -->\u202e';
  const findings = [finding('warning', { finding: hostile, remedy: hostile, command: hostile })];
  for (const form of [PLAIN, JSON_FORM]) {
    const text = doctorReport(findings, form).stdout.join('\n');
    expect(text).not.toMatch(/[\u001b\u202e]|<!-- CSA:/);
  }
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('ended by %s it shows what it found, with code %i', (interruption, code) => {
  const report = doctorReport([finding('problem')], { ...JSON_FORM, interruption });
  expect(report).toMatchObject({ exitCode: code, stderr: [expect.stringContaining(interruption)] });
  expect(faultsOf('doctor', JSON.parse(report.stdout[0] ?? ''))).toEqual([]);
});
