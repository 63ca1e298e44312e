import type { WaitEnd } from './wait.ts';

/** When one of many sessions was found to be over: 0 before the wait began, then counted up; equal ones tie. */
export type Arrival = number | undefined;

/** Whether a session has ended for good: with a record of it, or dead, so that nobody will ever write one. */
export function isOver(end: WaitEnd): boolean {
  return end.kind === 'finished' || end.kind === 'dead';
}

/**
 * Which sessions the answer of a wait for many is made of, in their order: the `need` that were over first, ties in
 * the order given. While fewer are over every session counts, for each of them keeps the wait from being over.
 */
export function whoCounts(arrivals: readonly Arrival[], need: number): boolean[] {
  const over = arrivals.flatMap((arrival, index) => (arrival === undefined ? [] : [{ arrival, index }]));
  if (over.length < need) return arrivals.map(() => true);
  const first = over.sort((a, b) => a.arrival - b.arrival || a.index - b.index).slice(0, need);
  const counting = new Set(first.map(({ index }) => index));
  return arrivals.map((_, index) => counting.has(index));
}
