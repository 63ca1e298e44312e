import { styleText } from 'node:util';
import { INTERRUPTED_EXITS, type Interruption } from '@csa/calls';
import { cleanLine } from '@csa/markers';
import type { Report } from '../report.ts';
import { CHECKS, type Finding, type Level } from './finding.ts';

export interface DoctorForm {
  readonly json: boolean;
  readonly hasColour: boolean;
  /** What ended the examination early: the rest is left out. */
  readonly interruption?: Interruption | undefined;
}

/** Problems were found: an answer, so that it is no 125. */
const PROBLEMS_EXIT = 1;

const MARKS: Readonly<Record<Level, string>> = { ok: 'ok', note: '--', warning: '!!', problem: 'xx' };
const COLOURS = { ok: 'green', note: 'dim', warning: 'yellow', problem: 'red' } as const;
const MAX_FINDING_BYTES = 1_000;
const MAX_COMMAND_BYTES = 8_000;

export function doctorReport(findings: readonly Finding[], { json, hasColour, interruption }: DoctorForm): Report {
  const clean = findings.map(cleaned);
  const verdict = clean.some(({ level }) => level === 'problem') ? PROBLEMS_EXIT : 0;
  const exitCode = interruption === undefined ? verdict : INTERRUPTED_EXITS[interruption];
  return {
    exitCode,
    stdout: json ? [JSON.stringify(doctorDocument(clean, exitCode))] : doctorLines(clean, hasColour),
    stderr: interruption === undefined ? [] : [`interrupted by ${interruption}: not everything was looked at`],
    needsOutput: true,
  };
}

function doctorDocument(findings: readonly Finding[], exit: number): object {
  return {
    schema: 'csa.doctor/1',
    exit,
    counts: counts(findings),
    findings: findings.map(({ check, level, finding, remedy, command }) => ({
      check,
      level,
      finding,
      remedy: remedy ?? null,
      command: command ?? null,
    })),
  };
}

function doctorLines(findings: readonly Finding[], hasColour: boolean): string[] {
  const groups = CHECKS.map((check) => findings.filter((finding) => finding.check === check));
  const lines = groups.flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [first.check, ...group.flatMap((finding, i) => linesOf(finding, { hasColour, next: group[i + 1] }))];
  });
  return [...lines, summary(counts(findings))];
}

/** What is to be done about several in a row stands once, below the last of them. */
function linesOf(finding: Finding, { hasColour, next }: { hasColour: boolean; next: Finding | undefined }): string[] {
  const { level, remedy, command } = finding;
  const mark = hasColour ? styleText(COLOURS[level], MARKS[level], { validateStream: false }) : MARKS[level];
  const isSame = next?.remedy === remedy && next?.command === command;
  const advice =
    remedy === undefined || isSame ? [] : [`      ${remedy}${command === undefined ? '' : `: ${command}`}`];
  return [`  ${mark}  ${finding.finding}`, ...advice];
}

function summary({ problem, warning, note }: Readonly<Record<Level, number>>): string {
  if (problem + warning === 0) return `No problems${note === 0 ? '' : `; ${many(note, 'note')}`}.`;
  const found = [problem > 0 ? many(problem, 'problem') : 'No problems', warning > 0 ? many(warning, 'warning') : ''];
  return `${found.filter((part) => part !== '').join(', ')}: what to do stands below each.`;
}

function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function counts(findings: readonly Finding[]): Record<Level, number> {
  const sum = { ok: 0, note: 0, warning: 0, problem: 0 };
  for (const { level } of findings) sum[level] += 1;
  return sum;
}

/** Paths, config and sessions are other people's text. */
function cleaned(finding: Finding): Finding {
  const { remedy, command } = finding;
  return {
    ...finding,
    finding: cleanLine(finding.finding, MAX_FINDING_BYTES),
    ...(remedy === undefined ? {} : { remedy: cleanLine(remedy, MAX_FINDING_BYTES) }),
    ...(command === undefined ? {} : { command: cleanLine(command, MAX_COMMAND_BYTES) }),
  };
}
