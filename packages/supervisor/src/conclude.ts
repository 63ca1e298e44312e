import { constants } from 'node:os';
import { cleanLine, cleanText, truncateUtf8 } from '@csa/markers';
import type { CommandReport, Reading, SessionResult } from '@csa/session';
import type { Cause, End, Exit } from './transition.ts';

/** What a supervisor knows when its command has ended. */
export interface Ended {
  readonly end: End;
  readonly report: Reading<CommandReport>;
  /** The last line of the command's output. */
  readonly lastLine: string;
  readonly tool: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly completedAt: string;
  readonly warnings: readonly string[];
}

const MAX_SUMMARY_BYTES = 4_000;
const MAX_LINE_BYTES = 1_000;

type Essence = Pick<SessionResult, 'status' | 'exitCode' | 'summary' | 'reason' | 'processExitCode'>;

/**
 * Words the result. How the process ended comes first: killed, ended or never started is the outcome whatever a
 * report says. Only after an ordinary exit does a readable report speak for the session.
 */
export function conclude(ended: Ended): SessionResult {
  const unreadable = ended.report.kind === 'unreadable' || ended.report.kind === 'error';
  const warnings = unreadable ? [...ended.warnings, reportWarning(ended.report)] : ended.warnings;
  return {
    ...essence(ended),
    tool: cleanLine(ended.tool, MAX_LINE_BYTES),
    startedAt: ended.startedAt,
    completedAt: ended.completedAt,
    ...(warnings.length === 0 ? {} : { warnings: warnings.map((text) => cleanLine(text, MAX_LINE_BYTES)) }),
  };
}

function essence({ end, report, lastLine }: Ended): Essence {
  switch (end.kind) {
    case 'not-started':
      return {
        status: 'failure',
        exitCode: end.exitCode,
        summary: cleanLine(end.detail, MAX_LINE_BYTES),
        reason: end.reason,
      };
    case 'ended':
      return endedEssence(end, lastLine);
    case 'exited':
      if (end.exit.kind === 'signal') return signalEssence(end.exit.signal, lastLine);
      if (report.kind === 'present') return reportEssence(report.value, end.exit.code, lastLine);
      return report.kind === 'error' && end.exit.code === 0
        ? unreadReportEssence(report.code)
        : exitEssence(end.exit.code, lastLine);
  }
}

function exitEssence(code: number, lastLine: string): Essence {
  return { status: code === 0 ? 'success' : 'failure', exitCode: code, summary: oneLine(lastLine) };
}

/** A report is there, it may say that the work failed, and this machine cannot read it: no success can be claimed. */
function unreadReportEssence(code: string): Essence {
  return {
    status: 'error',
    exitCode: 1,
    summary: `the command exited with 0, but its own report cannot be read (${code})`,
    reason: 'report-unreadable',
    processExitCode: 0,
  };
}

function signalEssence(signal: NodeJS.Signals, lastLine: string): Essence {
  return {
    status: 'signal',
    exitCode: signalCode(signal),
    summary: withLastLine(`killed by ${signal}`, lastLine),
    reason: 'killed-by-signal',
  };
}

function endedEssence({ cause, exit, killed }: Extract<End, { kind: 'ended' }>, lastLine: string): Essence {
  return {
    ...nameCause(cause),
    exitCode: signalCode(endingSignal(cause, exit, killed)),
    summary: withLastLine(describeCause(cause), lastLine),
  };
}

function reportEssence(report: CommandReport, processExitCode: number, lastLine: string): Essence {
  return {
    status: cleanLine(report.status, MAX_LINE_BYTES),
    exitCode: report.exitCode,
    summary:
      report.summary === undefined ? oneLine(lastLine) : truncateUtf8(cleanText(report.summary), MAX_SUMMARY_BYTES),
    ...(report.exitCode === processExitCode ? {} : { processExitCode }),
  };
}

/** A command that ends by itself when told to has still been ended: by the signal that told it. */
function endingSignal(cause: Cause, exit: Exit, killed: boolean): NodeJS.Signals {
  if (exit.kind === 'signal') return exit.signal;
  if (killed) return 'SIGKILL';
  return cause.kind === 'stop' ? cause.request.signal : 'SIGTERM';
}

function nameCause({ kind }: Cause): Pick<Essence, 'status' | 'reason'> {
  switch (kind) {
    case 'time-limit':
      return { status: 'timeout', reason: 'time-limit' };
    case 'idle-limit':
      return { status: 'timeout', reason: 'idle' };
    case 'stop':
      return { status: 'signal', reason: 'stopped' };
    case 'terminated':
      return { status: 'signal', reason: 'terminated' };
  }
}

function describeCause(cause: Cause): string {
  switch (cause.kind) {
    case 'time-limit':
      return `ended at its time limit of ${cause.limitMs / 1000}s`;
    case 'idle-limit':
      return `ended at its idle limit: no output and no CPU time for ${cause.limitMs / 1000}s`;
    case 'terminated':
      return `ended because its supervisor got ${cause.signal}`;
    case 'stop': {
      const { by, why } = cause.request;
      return `stopped by ${by}${why === '' ? '' : `: ${why}`}`;
    }
  }
}

function withLastLine(text: string, lastLine: string): string {
  const last = oneLine(lastLine);
  return cleanLine(last === '' ? text : `${text}; last output: ${last}`, MAX_LINE_BYTES * 2);
}

function oneLine(text: string): string {
  return cleanLine(text, MAX_LINE_BYTES);
}

function reportWarning(report: Reading<CommandReport>): string {
  const why = report.kind === 'unreadable' ? report.why : report.kind === 'error' ? report.code : '';
  return `the command's own report (output/result.toml) could not be read: ${why}`;
}

/** 128 + n, as shells count. */
function signalCode(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
