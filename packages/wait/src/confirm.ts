import type { DaemonFact } from './facts.ts';
import type { DaemonLook } from './source.ts';

/** Two looks that say dead by identity alone must be this far apart: a record is replaced in less. */
export const CONFIRM_AFTER_MS = 250;

/** A death that one look has shown and no second look has confirmed; times are monotonic milliseconds. */
export interface Suspicion {
  readonly since: number;
}

export interface Settlement {
  readonly daemon: DaemonFact;
  readonly suspicion?: Suspicion;
}

/** Makes a fact of a look: dead by identity counts when an earlier look, at least 250 ms ago, said so too. */
export function settleDaemon(look: DaemonLook, earlier: Suspicion | undefined, now: number): Settlement {
  if (look.state !== 'dead') return { daemon: look };
  if (look.conclusive) return { daemon: { state: 'dead' } };
  const suspicion = earlier ?? { since: now };
  if (now - suspicion.since >= CONFIRM_AFTER_MS) return { daemon: { state: 'dead' }, suspicion };
  return { daemon: { state: 'unknown', reason: 'death-unconfirmed' }, suspicion };
}
