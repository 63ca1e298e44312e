import type { Garbage, GarbagePlan } from './collect-garbage.ts';
import type { GcSession, KeepReason } from './plan-gc.ts';

/** How a thing that is to be removed is told, in words and in JSON. */
export interface GarbageWords {
  readonly kind: 'session' | 'unborn' | 'gone';
  readonly directory: string;
  readonly state: 'finished' | 'dead' | null;
  readonly reason: string;
}

export function wordsOf(garbage: Garbage, olderThan: string): GarbageWords {
  if (garbage.kind === 'session') {
    const { directory, state } = garbage.facts;
    const ended = state === 'dead' ? 'dead' : 'finished';
    return { kind: 'session', directory, state: ended, reason: `older than ${olderThan}` };
  }
  const { kind, directory } = garbage.leftover;
  return { kind, directory, state: null, reason: `a ${kind === 'unborn' ? 'start' : 'removal'} that was cut off` };
}

/** An id, or the name of what is left of one. */
export function nameOf(garbage: Garbage): string {
  return garbage.kind === 'session' ? garbage.facts.id : garbage.leftover.name;
}

export function keptByReason({ keep }: GarbagePlan): Map<KeepReason, unknown[]> {
  return Map.groupBy(keep, ({ reason }) => reason);
}

/** The sessions that stay because a process of their command still runs. */
export function survivorsOf({ keep }: GarbagePlan): GcSession[] {
  return keep.flatMap(({ session, reason }) => (reason === 'survivor' ? [session] : []));
}
