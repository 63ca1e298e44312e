import { type CapturedRequest, readCapture } from './capture-file.ts';
import type { WarmContext } from './driver.ts';
import { type FailedAnswer, failed } from './failed-answer.ts';
import { replayBody } from './replay-body.ts';
import { headerValue, lastingHeaders } from './request-headers.ts';

/** What is to be sent, but for the credential. */
export interface ReplayRequest {
  readonly kind: 'request';
  /** When the captured one began, in milliseconds since the epoch. */
  readonly at: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** How the caller made itself known, where that was seen. */
  readonly credential?: 'x-api-key' | 'bearer';
}

/** What is known of the prefix. */
export type PrefixLife = Pick<WarmContext, 'anchor' | 'ttlMs' | 'revive'>;

/** Clocks are set now and then; what begins much later than now is no time at all. */
const SKEW_MS = 5_000;

/** Makes the request that reads the prefix of the last captured one, or says why none is to be sent. */
export function replayRequest(capture: string, life: PrefixLife): ReplayRequest | FailedAnswer {
  const reading = readCapture(capture);
  if (reading.kind === 'missing') {
    return failed('not_replayable', 'no request has been captured yet', { retryable: true });
  }
  if (reading.kind === 'unreadable') {
    return failed('probe_failed', `the capture cannot be read: ${reading.code}`, { retryable: true });
  }
  if (reading.kind === 'unusable') return failed('not_replayable', `the capture is not to be used: ${reading.why}`);
  const { request } = reading;
  const cold = coldness(request, life);
  if (cold !== undefined) return cold;
  const why = refusalOf(request);
  if (why !== undefined) return notReplayable(why);
  const body = replayBody(bytesOf(request));
  return body.kind === 'body' ? sendable(request, body.bytes) : notReplayable(body.why);
}

/** Why a prefix is left alone that is older by now than it is taken to live; `undefined`: it is not. */
export function coldness(
  { at }: Pick<CapturedRequest, 'at'>,
  { anchor, ttlMs, revive }: PrefixLife,
): FailedAnswer | undefined {
  const age = Date.now() - Math.max(at, anchor ?? 0);
  if (revive === true || (age <= ttlMs && age >= -SKEW_MS)) return undefined;
  return failed('predicted_cold', 'the captured request is older than its prefix is taken to live');
}

function notReplayable(why: string): FailedAnswer {
  return failed('not_replayable', `the captured request cannot be replayed: ${why}`);
}

function refusalOf({ method, path, headers }: CapturedRequest): string | undefined {
  if (method !== 'POST') return 'it is not a POST';
  if (!/^\/v1\/messages(?:\?[!"$-~]*)?$/.test(path)) return 'it does not go to /v1/messages';
  return /^(?:identity)?$/i.test(headerValue(headers, 'content-encoding').trim()) ? undefined : 'its body is encoded';
}

function bytesOf({ body, body_base64: encoded }: CapturedRequest): Buffer {
  return body === undefined ? Buffer.from(encoded ?? '', 'base64') : Buffer.from(body, 'utf8');
}

function sendable({ at, path, headers, credential }: CapturedRequest, body: Buffer): ReplayRequest {
  const kept = Object.entries(lastingHeaders(headers)).filter(([name]) => name.toLowerCase() !== 'accept-encoding');
  return {
    kind: 'request',
    at,
    path,
    // An answer that comes in clear needs nobody who inflates it without end.
    headers: { ...Object.fromEntries(kept), 'accept-encoding': 'identity' },
    body,
    ...(credential !== undefined && { credential }),
  };
}
