import type { WarmAnswer } from './driver.ts';
import { failed, typeInBrackets } from './failed-answer.ts';
import { type PrintedError, readPrinted } from './printed-answer.ts';
import type { ProgramEnd } from './program.ts';
import { statusFailure } from './status-failure.ts';

/** What cannot pass by itself: no such program, no right to run it, more than fits. */
const LASTING: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP', 'E2BIG', 'EPERM']);

/** What the providers' words for an error mean, in HTTP's. */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  overloaded_error: 529,
  authentication_error: 401,
  permission_error: 403,
  invalid_request_error: 400,
};

/** What the end of a program that was to send one request says of that request. */
export function programAnswer(end: ProgramEnd, startedAt: number): WarmAnswer {
  const passing = { retryable: true, startedAt };
  switch (end.kind) {
    case 'not-started':
      return notStarted(end.code);
    case 'timed-out':
      return failed('probe_failed', 'the program was ended at its time limit', passing);
    case 'aborted':
      return failed('aborted', 'the program was ended before it answered', passing);
    case 'killed':
      return failed('probe_failed', `the program was killed by ${end.by}`, passing);
    case 'exited':
      return exited(end, startedAt);
  }
}

function notStarted(code: string): WarmAnswer {
  const isLasting = LASTING.has(code) || code.startsWith('ERR_');
  const error = `the program could not be started: ${code}`;
  return isLasting ? failed('driver_unavailable', error) : failed('probe_failed', error, { retryable: true });
}

function exited({ code, stdout }: Extract<ProgramEnd, { kind: 'exited' }>, startedAt: number): WarmAnswer {
  const printed = readPrinted(stdout);
  const passing = { retryable: true, startedAt };
  if (printed.kind === 'error') return reported(printed.error, startedAt);
  if (printed.kind === 'usage' && (code === 0 || printed.isTurnOver)) {
    const { usage, cost } = printed;
    return { kind: 'answered', usage, startedAt, ...(cost !== undefined && { cost }) };
  }
  if (code !== 0) return failed('probe_failed', `the program exited with ${code}`, passing);
  const what = stdout.trim() === '' ? 'nothing' : 'no JSON object';
  return failed('probe_failed', `the program printed ${what}`, passing);
}

function reported({ type, status, retryable, retryAfterMs }: PrintedError, startedAt: number): WarmAnswer {
  const facts = { startedAt, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  const known = status ?? (typeof type === 'string' && Object.hasOwn(STATUS_OF_TYPE, type) && STATUS_OF_TYPE[type]);
  if (known) return statusFailure(known, type, facts);
  const reason = retryAfterMs === undefined ? 'probe_failed' : 'backoff';
  return failed(reason, `the program reported an error${typeInBrackets(type)}`, { ...facts, retryable });
}
