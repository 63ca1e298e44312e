import { Refusal } from '@csa/session';

/** How many of several sessions have to be over before the wait for them is. */
export interface Need {
  readonly mode: 'all' | 'any' | 'count';
  readonly count: number;
}

/** The flags that say it, as typed. */
export interface NeedFlags {
  readonly all: boolean;
  readonly any: boolean;
  readonly count?: string | undefined;
}

/** Whether the wait is one for several by its flags alone, however many sessions it names. */
export function saysNeed({ all, any, count }: NeedFlags): boolean {
  return all || any || count !== undefined;
}

/** @throws Refusal reason=usage | bad-count */
export function needOf(flags: NeedFlags, sessions: number): Need {
  const given = [flags.all, flags.any, flags.count !== undefined].filter(Boolean).length;
  if (given > 1) throw severalNeeds(given);
  if (flags.any) return { mode: 'any', count: 1 };
  if (flags.count !== undefined) return { mode: 'count', count: parseCount(flags.count, sessions) };
  return { mode: 'all', count: sessions };
}

/** The flags of the same need, for a wait that names `sessions` of them. */
export function needFlags({ mode, count }: Need, sessions: number): string[] {
  return mode === 'count' ? ['--count', String(Math.min(count, sessions))] : [`--${mode}`];
}

function parseCount(text: string, sessions: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= sessions) return count;
  throw new Refusal({
    reason: 'bad-count',
    what: '--count is no number of the sessions that are named',
    expected: sessions === 1 ? '1, for one session is named' : `1 to ${sessions}, for ${sessions} sessions are named`,
    got: JSON.stringify(text.slice(0, 20)),
    next: 'Give a number within the range',
  });
}

function severalNeeds(given: number): Refusal {
  return new Refusal({
    reason: 'usage',
    what: 'the wait says several times how many sessions have to be over',
    expected: 'one of --all, --any and --count',
    got: `${given} of them`,
    next: 'Leave out all but one',
  });
}
