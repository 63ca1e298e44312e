import type { FailureReason } from './driver.ts';
import { type FailedAnswer, type FailureFacts, failed, typeInBrackets } from './failed-answer.ts';

/** Of what a status means nothing about the next time is to be concluded but by waiting. */
const BUSY: ReadonlySet<number> = new Set([429, 529]);
const PASSING: ReadonlySet<number> = new Set([408, 409, 425]);
/** Not paid, not known, not allowed: nothing that this driver sends will be answered. */
const CLOSED: ReadonlySet<number> = new Set([401, 402, 403, 407]);

const ANSWERED = 'the provider answered ';
const ANSWER = new RegExp(`^${ANSWERED}(\\d{3})(?: \\(([a-z][a-z_.]*)\\))?$`, 'i');

/** What an HTTP status other than 200 says of a request; `type`: the provider's word for the error, as it came. */
export function statusFailure(status: number, type: unknown, facts: FailureFacts): FailedAnswer {
  const error = `${ANSWERED}${status}${typeInBrackets(type)}`;
  const { reason, retryable } = meaningOf(status);
  const { retryAfterMs, ...others } = facts;
  const isLater = retryable && retryAfterMs !== undefined;
  return failed(reason, error, { ...others, retryable, ...(isLater && { retryAfterMs }) });
}

function meaningOf(status: number): { reason: FailureReason; retryable: boolean } {
  if (BUSY.has(status)) return { reason: 'backoff', retryable: true };
  if (status >= 500 || PASSING.has(status)) return { reason: 'probe_failed', retryable: true };
  // A redirect is not followed: the credential is for the host that was named.
  if (CLOSED.has(status) || status < 400) return { reason: 'driver_unavailable', retryable: false };
  return { reason: 'not_replayable', retryable: false };
}

/** The status that stands in an error of {@link statusFailure}'s, which is all that the books keep; with the provider's word. */
export function answeredWith(error: string): { readonly status: number; readonly type?: string } | undefined {
  const [, status, type] = ANSWER.exec(error) ?? [];
  if (status === undefined) return undefined;
  return { status: Number(status), ...(type !== undefined && { type }) };
}
