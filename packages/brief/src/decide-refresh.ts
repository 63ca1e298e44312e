import type { SkipReason, Trigger } from './trigger.ts';

/** What is known when a refresh is decided. What was not found out yet is absent, and keeps nobody from going on. */
export interface RefreshFacts {
  readonly trigger: Trigger;
  /** Of all processes one alone refreshes a project's brief. */
  readonly lock: 'ours' | 'taken';
  readonly written: Written;
  readonly minIntervalMs: number;
  /** What the records say, compared with what was written; sessions that were alive then are asked too. */
  readonly probe?: 'changed' | 'unchanged' | 'failed';
  /** `cold`: what has ended has to be read first. */
  readonly source?: 'warm' | 'cold';
  readonly render?: 'full' | 'empty';
}

/** When a brief was written. `never`: there is none, or none that can be believed. */
export type Written =
  | { readonly kind: 'never' }
  /** Negative where the clock was set back since. */
  | { readonly kind: 'ago'; readonly ms: number };

export type RefreshDecision = { readonly kind: 'write' } | { readonly kind: 'skip'; readonly reason: SkipReason };

type Gate = (facts: RefreshFacts) => boolean;

/** The first that holds keeps the file as it is. */
const GATES: readonly (readonly [SkipReason, Gate])[] = [
  ['refresh_in_progress', ({ lock }) => lock === 'taken'],
  ['min_interval_not_elapsed', (facts) => facts.trigger !== 'forced' && isYoung(facts)],
  ['no_new_records', ({ written, probe }) => written.kind === 'ago' && probe === 'unchanged'],
  ['probe_failed', ({ probe }) => probe === 'failed'],
  ['source_cold', ({ trigger, source }) => trigger === 'periodic' && source === 'cold'],
  ['empty_render', ({ render }) => render === 'empty'],
];

/** Whether a brief is to be written, as far as the facts go: asked again with each fact that is found out. */
export function decideRefresh(facts: RefreshFacts): RefreshDecision {
  const gate = GATES.find(([, holds]) => holds(facts));
  return gate === undefined ? { kind: 'write' } : { kind: 'skip', reason: gate[0] };
}

/** What comes from further ahead than the interval is a wrong clock's: it would hold up every refresh until then. */
function isYoung({ written, minIntervalMs }: RefreshFacts): boolean {
  return written.kind === 'ago' && Math.abs(written.ms) < minIntervalMs;
}
