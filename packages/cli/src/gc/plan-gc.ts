import type { SessionPhase } from '@csa/calls/view';

/** What is known of one session when a clean-up is planned. */
export interface GcSession {
  readonly id: string;
  /** Where it stands: the newest are counted for each of these, and only some are cleaned. */
  readonly sessions: string;
  readonly directory: string;
  readonly state: SessionPhase;
  /** Of the process that watches over this very session, a wrapper's own included. */
  readonly daemon: 'alive' | 'dead' | 'unknown';
  /** When it ended, else when anything was last written into it; milliseconds since the epoch. */
  readonly endedAt: number;
  /** A process of the command that outlived its supervisor. */
  readonly survivor: number | undefined;
  /** A process that runs its hooks, or was started by one. */
  readonly hook: number | undefined;
  /** The session that this one stands for. */
  readonly target: string | undefined;
  /** In a state root that is only read. */
  readonly isReadOnly: boolean;
}

export interface GcWishes {
  readonly olderThanMs: number;
  /** The newest of each project stay. */
  readonly keep: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type KeepReason =
  | 'alive'
  | 'unknown'
  | 'daemon-alive'
  | 'daemon-unknown'
  | 'survivor'
  | 'hook'
  | 'newest'
  | 'too-young'
  | 'resume-target'
  | 'read-only-root';

export interface GcPlan {
  /** Wrappers first, so that none is left without what it stands for by somebody who is killed; then newest first. */
  readonly remove: readonly GcSession[];
  readonly keep: ReadonlyArray<{ readonly session: GcSession; readonly reason: KeepReason }>;
}

/** Which sessions a clean-up removes, and why the others stay: the first reason that holds. */
export function planGc(sessions: readonly GcSession[], wishes: GcWishes): GcPlan {
  const ordered = sessions.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const newest = newestOf(ordered, wishes.keep);
  const reasons = new Map<GcSession, KeepReason>();
  for (const session of ordered) {
    const reason = whyKept(session, wishes, newest);
    if (reason !== undefined) reasons.set(session, reason);
  }
  keepTargets(ordered, reasons);
  return {
    remove: ordered.filter((session) => !reasons.has(session)).sort((a, b) => rank(a) - rank(b)),
    keep: Array.from(reasons, ([session, reason]) => ({ session, reason })),
  };
}

function whyKept(session: GcSession, wishes: GcWishes, newest: ReadonlySet<GcSession>): KeepReason | undefined {
  if (session.state === 'alive' || session.state === 'unknown') return session.state;
  if (session.daemon !== 'dead') return `daemon-${session.daemon}`;
  if (session.survivor !== undefined) return 'survivor';
  if (session.hook !== undefined) return 'hook';
  if (session.isReadOnly) return 'read-only-root';
  if (newest.has(session)) return 'newest';
  // A time in the future is no age.
  return wishes.now - session.endedAt < wishes.olderThanMs ? 'too-young' : undefined;
}

function newestOf(ordered: readonly GcSession[], keep: number): Set<GcSession> {
  const places = Map.groupBy(ordered, ({ sessions }) => sessions);
  return new Set(Array.from(places.values()).flatMap((group) => group.slice(0, keep)));
}

function rank({ target }: GcSession): number {
  return target === undefined ? 1 : 0;
}

/** What a session that stays stands for stays, too, and so on along the chain. */
function keepTargets(ordered: readonly GcSession[], reasons: Map<GcSession, KeepReason>): void {
  const byId = Map.groupBy(ordered, ({ id }) => id);
  const pending = Array.from(reasons.keys());
  for (let kept = pending.pop(); kept !== undefined; kept = pending.pop()) {
    for (const target of byId.get(kept.target ?? '') ?? []) {
      if (reasons.has(target)) continue;
      reasons.set(target, 'resume-target');
      pending.push(target);
    }
  }
}
