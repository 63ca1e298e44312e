import { normaliseUsage } from '../policy/normalise.ts';
import { addressOf, parseBaseUrl } from './base-url.ts';
import { nameOfSource, readCredential } from './credential.ts';
import type { Driver, WarmAnswer, WarmContext } from './driver.ts';
import type { DriverChoice } from './driver-choice.ts';
import { type FailureFacts, failed, typeInBrackets } from './failed-answer.ts';
import { isObject, parseJson } from './json-object.ts';
import { type Post, type PostEnd, post } from './post.ts';
import { markUsed, pruneCapture } from './prune-capture.ts';
import { coldness, type ReplayRequest, replayRequest } from './replay-request.ts';
import { retryAfter } from './retry-after.ts';
import { statusFailure } from './status-failure.ts';

type Choice = Extract<DriverChoice, { name: 'anthropic-replay' }>;

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Sends the caller's last request once more, asking for no output. */
export function makeReplay(choice: Choice, env: NodeJS.ProcessEnv): Driver {
  // What this driver itself has read lives on, however old the captured request is.
  let lastRead = 0;
  return {
    name: choice.name,
    credential: `${choice.name}:${originOf(choice.baseUrl)}:${nameOfSource(choice.credential)}`,
    warm: async (context, signal) => {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), Math.min(context.timeoutMs, MAX_TIMER_MS));
      try {
        const anchor = Math.max(lastRead, context.anchor ?? 0);
        const order = { choice, env, context: { ...context, anchor } };
        const answer = await replay(order, AbortSignal.any([signal, late.signal]));
        if (isRead(answer)) {
          lastRead = answer.startedAt;
          markUsed(choice.capture, lastRead);
        }
        return answer.kind === 'failed' ? named(answer, signal, late.signal) : answer;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Read or written: from its start the prefix lives. */
function isRead(answer: WarmAnswer): answer is Extract<WarmAnswer, { kind: 'answered' }> {
  return answer.kind === 'answered' && (answer.usage?.read ?? 0) + (answer.usage?.write ?? 0) > 0;
}

interface Replay {
  readonly choice: Choice;
  readonly env: NodeJS.ProcessEnv;
  readonly context: WarmContext;
}

async function replay({ choice, env, context }: Replay, signal: AbortSignal): Promise<WarmAnswer> {
  const base = parseBaseUrl(choice.baseUrl);
  if (base.kind === 'refused') return failed('driver_unavailable', base.why);
  const request = replayRequest(choice.capture, context);
  if (request.kind === 'failed') {
    if (request.reason === 'predicted_cold') pruneCapture(choice.capture, context.anchor);
    return request;
  }
  const credential = await readCredential(choice.credential, { ...context, env }, signal);
  if (credential.kind === 'failed') return credential;
  // A helper takes its time, and the machine may have slept meanwhile.
  const cold = coldness(request, context);
  if (cold !== undefined) return cold;
  const { path, headers, body } = request;
  const authorised = { ...headers, ...credentialHeader(choice, request, credential.value) };
  return send({ url: addressOf(base.url, path), headers: authorised, body }, signal);
}

/** As the caller does it; a variable's own name says it, too. */
function credentialHeader({ credential: source }: Choice, { credential }: ReplayRequest, value: string) {
  const isToken = source.kind === 'environment' ? source.variable === 'ANTHROPIC_AUTH_TOKEN' : credential === 'bearer';
  return isToken ? { authorization: `Bearer ${value}` } : { 'x-api-key': value };
}

async function send(request: Post, signal: AbortSignal): Promise<WarmAnswer> {
  const startedAt = Date.now();
  const end = await post(request, signal);
  switch (end.kind) {
    case 'answered':
      return answerOf(end, startedAt);
    case 'too-large':
      return failed('probe_failed', 'the answer is too large', { retryable: true, startedAt });
    case 'unsendable':
      return failed('not_replayable', 'the captured headers cannot be sent');
    case 'failed': {
      const facts = { retryable: true, ...(end.sent && { startedAt }) };
      return failed('probe_failed', `the request failed: ${end.code}`, facts);
    }
  }
}

function answerOf(end: Extract<PostEnd, { kind: 'answered' }>, startedAt: number): WarmAnswer {
  const body = parseJson(end.body);
  const error = isObject(body) && isObject(body['error']) ? body['error']['type'] : undefined;
  if (end.status !== 200) {
    const retryAfterMs = retryAfter(end.headers, Date.now());
    const facts: FailureFacts = { startedAt, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    return statusFailure(end.status, error, facts);
  }
  if (!isObject(body) || body['type'] === 'error') {
    const what = `the answer is not a message${typeInBrackets(error)}`;
    return failed('probe_failed', what, { retryable: true, startedAt });
  }
  return { kind: 'answered', usage: normaliseUsage(body), startedAt };
}

/** A request that was ended from outside fails in some way or other: what ended it says more. */
function named(answer: Extract<WarmAnswer, { kind: 'failed' }>, outside: AbortSignal, late: AbortSignal): WarmAnswer {
  if (answer.reason !== 'probe_failed' && answer.reason !== 'aborted') return answer;
  const facts = { retryable: true, ...(answer.startedAt !== undefined && { startedAt: answer.startedAt }) };
  if (outside.aborted) return failed('aborted', 'called off before it was answered', facts);
  return late.aborted ? failed('probe_failed', 'the provider did not answer in time', facts) : answer;
}

/** Without what must not be in it. */
function originOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.origin ?? 'nowhere';
}
