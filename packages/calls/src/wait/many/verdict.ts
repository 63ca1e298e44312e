import type { WaitEnd } from '@csa/wait';
import { exitCodeOf } from '../../exit-code.ts';

/** What the end of one session means for the answer about several, the strongest first. */
export type MemberState = 'failed' | 'dead' | 'unknown' | 'alive' | 'fine';

const PRECEDENCE: readonly MemberState[] = ['failed', 'dead', 'unknown', 'alive', 'fine'];

export function stateOf(end: WaitEnd): MemberState {
  switch (end.kind) {
    case 'finished':
      return exitCodeOf(end.outcome) === 0 ? 'fine' : 'failed';
    case 'dead':
      return 'dead';
    case 'alive':
      return 'alive';
    case 'interrupted':
      return end.daemon === 'alive' ? 'alive' : 'unknown';
    case 'undetermined':
    case 'lost':
    case 'alias-trouble':
      return 'unknown';
  }
}

/** A larger one stands further back. */
export function rankOf(state: MemberState): number {
  return PRECEDENCE.indexOf(state);
}

/** Which of the ends decides the exit code: the strongest, and of those the first. `undefined` without any. */
export function decider(ends: readonly WaitEnd[]): number | undefined {
  const ranks = ends.map((end) => rankOf(stateOf(end)));
  return ranks.length === 0 ? undefined : ranks.indexOf(Math.min(...ranks));
}

/** Which status marker a wait for several ends with. */
export type ManyEnding = 'completed' | 'alive' | 'dead' | 'unknown' | 'error' | 'interrupted';

/**
 * `ends` are those that count. A failure beside sessions that live keeps its exit code, but the wait for the others is
 * not over, and the marker says how it goes on.
 */
export function endingOf(outcome: 'met' | 'unmet' | 'interrupted', ends: readonly WaitEnd[]): ManyEnding {
  if (outcome === 'interrupted') return 'interrupted';
  const states = new Set(ends.map(stateOf));
  if (!states.has('failed') && states.has('dead')) return 'dead';
  if (outcome === 'met') return 'completed';
  if (states.has('alive') && (states.has('failed') || !states.has('unknown'))) return 'alive';
  if (ends.some((end) => end.kind === 'undetermined')) return 'unknown';
  return states.has('unknown') && !states.has('failed') ? 'error' : 'completed';
}
