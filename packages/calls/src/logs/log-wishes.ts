import { LOG_NAMES, type LogName, logSize, type Session } from '@csa/session';
import { parseCount } from '../count.ts';
import { parseDuration } from '../duration.ts';
import { LinePattern } from './line-pattern.ts';
import type { LogForm } from './log-stream.ts';

/** What a user said about the logs. */
export interface LogFlags {
  readonly tail: string;
  readonly since?: string | undefined;
  readonly grep?: string | undefined;
  readonly raw: boolean;
}

const TAIL = {
  flag: '--tail',
  reason: 'bad-tail',
  what: 'is no number of lines',
  min: 0,
  takesAll: true,
  example: 100,
} as const;
const TEN_YEARS_MS = 3_650 * 86_400_000;

/** @throws Refusal reason=bad-tail | bad-duration | out-of-range | bad-pattern */
export function logForm(flags: LogFlags, now: number): LogForm {
  const since = flags.since === undefined ? undefined : sinceTime(flags.since, now);
  const pattern = flags.grep === undefined ? undefined : new LinePattern(flags.grep);
  return { tail: parseTail(flags.tail), since, pattern, raw: flags.raw };
}

/** @throws Refusal reason=bad-tail */
function parseTail(text: string): number | undefined {
  const lines = parseCount(text, TAIL);
  return lines === 'all' ? undefined : lines;
}

function sinceTime(text: string, now: number): number {
  return now - parseDuration(text, { name: '--since', minMs: 0, maxMs: TEN_YEARS_MS });
}

/** The logs to look at; the one log of a foreign session, which holds both streams, stands for its stdout, too. */
export function chooseLogs(session: Session, { stdout, stderr }: { stdout: boolean; stderr: boolean }): LogName[] {
  if (stderr) return ['stderr.log'];
  if (!stdout) return [...LOG_NAMES];
  const hasStreams = logSize(session, 'stdout.log') !== undefined || logSize(session, 'stderr.log') !== undefined;
  return hasStreams ? ['stdout.log'] : ['stdout.log', 'output.log'];
}
