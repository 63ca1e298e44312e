import { type Gap, isLost } from './gaps.ts';

const MINUTE = 60_000;
/** Where one class ends and the next one begins: close together where providers say that a cache ends. */
const EDGES = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 30, 45, 55, 60, 65, 75, 90, 120, 240, 480, 1440].map((m) => m * MINUTE);

/** What became of the prefix after gaps of about the same length. */
export interface GapClass {
  readonly fromMs: number;
  /** `null`: there is no end. */
  readonly toMs: number | null;
  readonly returns: number;
  /** Of them, those that found less than half of their prefix. */
  readonly lost: number;
  readonly prefixTokens: number;
  /** Of `prefixTokens`, those that were read again. */
  readonly keptTokens: number;
}

/**
 * From which gap on a prefix is gone, as usage shows it. `measured`: kept up to one edge and lost from the other on,
 * with nothing seen in between; `misfits` returns say otherwise.
 */
export type ColdPoint =
  | { readonly kind: 'measured'; readonly keptToMs: number; readonly lostFromMs: number; readonly misfits: number }
  /** No gap was long enough to lose it. */
  | { readonly kind: 'not_seen'; readonly longestKeptMs: number }
  | { readonly kind: 'too_few'; readonly kept: number; readonly lost: number };

/** Fewer returns on one side are no measurement. */
const FEWEST = 3;

/** The classes that have any returns, shortest gaps first. */
export function classifyGaps(gaps: readonly Gap[]): GapClass[] {
  const telling = gaps.filter((gap) => isLost(gap) !== undefined);
  return EDGES.flatMap((fromMs, i) => {
    const toMs = EDGES[i + 1] ?? null;
    const inside = telling.filter(({ ms }) => ms >= fromMs && (toMs === null || ms < toMs));
    if (inside.length === 0) return [];
    const sum = (of: (gap: Gap) => number): number => inside.reduce((total, gap) => total + of(gap), 0);
    return {
      fromMs,
      toMs,
      returns: inside.length,
      lost: inside.filter(isLost).length,
      prefixTokens: sum(({ prefix }) => prefix),
      keptTokens: sum(({ kept = 0 }) => kept),
    };
  });
}

/** The edge between classes that the fewest returns contradict: kept although longer, or lost although shorter. */
export function findColdPoint(classes: readonly GapClass[]): ColdPoint {
  const all = tally(classes);
  const [best] = splitsOf(classes).toSorted((a, b) => a.misfits - b.misfits);
  if (best !== undefined && best.short.kept >= FEWEST && best.long.lost >= FEWEST && best.long.lost > best.long.kept) {
    return { kind: 'measured', keptToMs: best.keptToMs, lostFromMs: best.lostFromMs, misfits: best.misfits };
  }
  const longestKept = classes.findLast(({ returns, lost }) => lost < returns);
  if (longestKept === undefined || all.kept < FEWEST || all.lost > all.kept) return { kind: 'too_few', ...all };
  return { kind: 'not_seen', longestKeptMs: longestKept.fromMs };
}

interface Split {
  readonly keptToMs: number;
  readonly lostFromMs: number;
  readonly short: Tally;
  readonly long: Tally;
  readonly misfits: number;
}

function splitsOf(classes: readonly GapClass[]): Split[] {
  return classes.slice(1).map((after, i) => {
    const [short, long] = [tally(classes.slice(0, i + 1)), tally(classes.slice(i + 1))];
    const keptToMs = classes[i]?.toMs ?? after.fromMs;
    return { keptToMs, lostFromMs: after.fromMs, short, long, misfits: short.lost + long.kept };
  });
}

interface Tally {
  readonly kept: number;
  readonly lost: number;
}

function tally(classes: readonly GapClass[]): Tally {
  const lost = classes.reduce((sum, each) => sum + each.lost, 0);
  return { kept: classes.reduce((sum, each) => sum + each.returns, 0) - lost, lost };
}
