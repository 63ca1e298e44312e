import { normaliseUsage } from '../policy/normalise.ts';
import type { Usage } from '../policy/usage.ts';
import { isObject, type JsonObject, parseJson } from './json-object.ts';

/** What a program has said in JSON of its one request. */
export type PrintedAnswer =
  | {
      readonly kind: 'usage';
      readonly usage: Usage | null;
      readonly cost?: number;
      /** Claude Code counts it as an error that its one turn is over; the request was made all the same. */
      readonly isTurnOver?: true;
    }
  | { readonly kind: 'error'; readonly error: PrintedError }
  | { readonly kind: 'nothing' };

export interface PrintedError {
  /** As it came: nobody vouches for it. */
  readonly type: unknown;
  /** What the provider answered. */
  readonly status?: number;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
}

const BILLION = 1_000_000_000;

/**
 * Reads what a program printed: one JSON document, an array of them, or JSON lines among whatever else. The last object
 * that has usage counts or tells of an error is its answer; objects without either say that there is no usage.
 */
export function readPrinted(stdout: string): PrintedAnswer {
  const objects = objectsIn(stdout);
  for (const object of objects.toReversed()) {
    const answer = answerIn(object);
    if (answer !== undefined) return answer;
  }
  return objects.length === 0 ? { kind: 'nothing' } : { kind: 'usage', usage: null };
}

function objectsIn(stdout: string): JsonObject[] {
  const whole = parseJson(stdout);
  if (Array.isArray(whole)) return whole.filter(isObject);
  if (isObject(whole)) return [whole];
  return stdout.split('\n').map(parseJson).filter(isObject);
}

function answerIn(object: JsonObject): PrintedAnswer | undefined {
  const usage = normaliseUsage(object);
  const isTurnOver = usage !== null && object['subtype'] === 'error_max_turns';
  if (tellsOfError(object) && !isTurnOver) return { kind: 'error', error: errorIn(object) };
  if (usage === null) return undefined;
  return { kind: 'usage', usage, ...costIn(object), ...(isTurnOver && { isTurnOver }) };
}

function tellsOfError({ type, error, is_error: isError }: JsonObject): boolean {
  return isError === true || type === 'error' || type === 'turn.failed' || (error ?? false) !== false;
}

function errorIn(object: JsonObject): PrintedError {
  const { error, retryable, retry_after_ms: later, api_error_status: status } = object;
  return {
    type: isObject(error) ? error['type'] : error,
    retryable: retryable !== false,
    ...(isStatus(status) && { status }),
    ...(isDelay(later) && { retryAfterMs: Math.ceil(later) }),
  };
}

function isStatus(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 400 && (value as number) <= 599;
}

function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/** Not `total_cost_usd`: where a conversation is resumed, Claude Code counts all that came before into it. */
function costIn(object: JsonObject): { cost?: number } {
  const dollars = object['cost_usd'];
  const cost = typeof dollars === 'number' && dollars >= 0 ? Math.round(dollars * BILLION) : Number.NaN;
  return Number.isSafeInteger(cost) ? { cost } : {};
}
