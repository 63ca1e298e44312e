import type { FailureReason, WarmAnswer } from './driver.ts';

export type FailedAnswer = Extract<WarmAnswer, { kind: 'failed' }>;

/** What may be known of a request that failed beside its words. */
export type FailureFacts = Partial<Pick<FailedAnswer, 'retryable' | 'retryAfterMs' | 'startedAt'>>;

/** An answer that failed; not to be tried again unless that is said. `error`: our own words. */
export function failed(reason: FailureReason, error: string, facts: FailureFacts = {}): FailedAnswer {
  return { kind: 'failed', error, reason, retryable: false, ...facts };
}

const MAX_WORD = 64;

/** An error type of a provider's as the end of our own words, where it is a mere word; '' for all else. */
export function typeInBrackets(type: unknown): string {
  return typeof type === 'string' && type.length <= MAX_WORD && /^[a-z][a-z_.]*$/i.test(type) ? ` (${type})` : '';
}
