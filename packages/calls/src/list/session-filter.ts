import { Refusal } from '@csa/session';
import { parseCount } from '../count.ts';
import { parseDuration } from '../duration.ts';
import { nearest } from '../nearest.ts';
import type { SessionPhase, SessionView } from '../view/session-view.ts';

/** A state that a session can be asked for: its phase, or how it finished. */
export type WantedState = SessionPhase | 'success' | 'failed';

/** Which sessions are wanted; what is absent restricts nothing. */
export interface SessionFilter {
  readonly states?: ReadonlySet<WantedState> | undefined;
  readonly labels?: ReadonlyMap<string, string> | undefined;
  readonly tool?: string | undefined;
  /** Started at this time or later, in milliseconds since the epoch. */
  readonly startedSince?: number | undefined;
}

/** How many sessions are shown: the newest, or all. */
export type Limit =
  | { readonly kind: 'all' }
  /** `andAlive`: older ones too, as long as they are alive. */
  | { readonly kind: 'newest'; readonly count: number; readonly andAlive: boolean };

export const WANTED_STATES: readonly WantedState[] = ['alive', 'finished', 'dead', 'unknown', 'success', 'failed'];

/** Nobody asked for a number: enough for a screen, and nothing that still runs is left out. */
export const DEFAULT_LIMIT: Limit = { kind: 'newest', count: 50, andAlive: true };

const LIMIT = {
  flag: '--limit',
  reason: 'bad-limit',
  what: 'names no count',
  min: 1,
  takesAll: true,
  example: 100,
} as const;
const SINCE = { name: '--since', minMs: 1, maxMs: 3650 * 86_400_000 };

/** Whether a session is in one of the wanted states. */
export function isInState({ state, exit }: Pick<SessionView, 'state' | 'exit'>, { states }: SessionFilter): boolean {
  if (states === undefined || states.has(state)) return true;
  return state === 'finished' && states.has(exit === 0 ? 'success' : 'failed');
}

/** The words of `--state`, each of which may name several: `alive,dead`. @throws Refusal reason=bad-state */
export function parseStates(words: readonly string[] | undefined): ReadonlySet<WantedState> | undefined {
  if (words === undefined) return undefined;
  return new Set(words.flatMap((word) => word.split(',')).map(wantedState));
}

function wantedState(word: string): WantedState {
  const state = WANTED_STATES.find((candidate) => candidate === word.trim().toLowerCase());
  if (state !== undefined) return state;
  const guess = nearest(word.trim().toLowerCase(), WANTED_STATES);
  throw new Refusal({
    reason: 'bad-state',
    what: '--state names no state',
    expected: WANTED_STATES.join(', '),
    got: JSON.stringify(word.slice(0, 40)),
    next: guess === undefined ? 'Name one of them, or several with commas' : `Did you mean ${guess}?`,
  });
}

/** A time in the past, in milliseconds since the epoch. @throws Refusal reason=bad-duration | out-of-range */
export function parseSince(text: string | undefined, now: number): number | undefined {
  return text === undefined ? undefined : now - parseDuration(text, SINCE);
}

/** @throws Refusal reason=bad-limit */
export function parseLimit(text: string | undefined): Limit {
  if (text === undefined) return DEFAULT_LIMIT;
  const count = parseCount(text.toLowerCase() === 'all' ? 'all' : text, LIMIT);
  return count === 'all' ? { kind: 'all' } : { kind: 'newest', count, andAlive: false };
}
