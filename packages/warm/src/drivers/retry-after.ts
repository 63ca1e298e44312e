import type { AnswerHeaders } from './post.ts';

const MOST_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds that a provider wants to be left alone for: `retry-after-ms`, else `retry-after` in seconds or as an HTTP
 * date (RFC 9110, section 10.2.3). `undefined`: it does not say. A day at most.
 */
export function retryAfter(headers: AnswerHeaders, now: number): number | undefined {
  const ms = number(headers['retry-after-ms']);
  if (ms !== undefined) return bounded(ms);
  const seconds = number(headers['retry-after']);
  if (seconds !== undefined) return bounded(seconds * 1000);
  const date = Date.parse(String(headers['retry-after'] ?? ''));
  return Number.isNaN(date) ? undefined : bounded(date - now);
}

function number(value: AnswerHeaders[string]): number | undefined {
  return typeof value === 'string' && /^\d{1,12}(?:\.\d{1,9})?$/.test(value.trim()) ? Number(value) : undefined;
}

function bounded(ms: number): number {
  return Math.min(MOST_MS, Math.max(0, Math.ceil(ms)));
}
