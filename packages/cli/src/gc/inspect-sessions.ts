import { dirname } from 'node:path';
import { type Surveyed, surveySessions } from '@csa/calls/list';
import { phaseOf } from '@csa/calls/view';
import { probe } from '@csa/liveness';
import {
  type Bearers,
  errnoOf,
  findSurvivor,
  isLifelineHeld,
  type LookupScope,
  lastWriteTime,
  lookAtDaemonLifeline,
  readDaemon,
  readResumeTarget,
  type Session,
  sweptBearers,
  sweptHooks,
} from '@csa/session';
import type { GcSession } from './plan-gc.ts';

/** A session, and what a plan needs to know of it. */
export interface Inspected {
  readonly session: Session;
  readonly facts: GcSession;
}

/**
 * Looks at every session of the project, or of all; processes that outlived a finished one are not looked for.
 * @throws Refusal reason=state-root-unreadable
 */
export async function inspectSessions(scope: LookupScope, allProjects: boolean): Promise<Inspected[]> {
  const inspected: Inspected[] = [];
  for await (const surveyed of surveySessions(scope, { allProjects })) {
    inspected.push({ session: surveyed.located.session, facts: await inspect(surveyed, scope) });
  }
  return inspected;
}

/**
 * Processes that hold sessions whose supervisors are gone, as of one look at all processes, which is made when somebody
 * first asks. After that look nobody new can hold a session that was over before it: a cookie is passed on by those who
 * carry it, and by nobody else.
 */
export interface Holders {
  readonly bearers: Bearers;
  readonly hooks: Bearers;
}

export function sweptHolders(): Holders {
  return { bearers: sweptBearers(), hooks: sweptHooks() };
}

/**
 * With what is worth asking only of those that are to be removed: whether a supervisor that has let go of its lifeline
 * has left, too, the process of its command that still runs, if any, and one of its hooks.
 */
export async function withHolders({ session, facts }: Inspected, { bearers, hooks }: Holders): Promise<Inspected> {
  const daemon = facts.daemon === 'dead' ? await daemonOf(session) : facts.daemon;
  const survivor = facts.survivor ?? (await findSurvivor(session, bearers));
  return { session, facts: { ...facts, daemon, survivor, hook: hooks(session.id)[0] } };
}

/** Whether anybody alive may still write into it; what cannot be told is a yes. */
export async function isHeld(session: Session, { bearers, hooks }: Holders): Promise<boolean> {
  return (
    isLifelineHeld(session.directory) ||
    (await daemonOf(session)) !== 'dead' ||
    (await findSurvivor(session, bearers)) !== undefined ||
    hooks(session.id).length > 0
  );
}

async function inspect({ located, looked }: Surveyed, { roots }: LookupScope): Promise<GcSession> {
  const { session } = located;
  const { end } = looked.waited;
  const target = readResumeTarget(session);
  const completed = end.kind === 'finished' ? Date.parse(end.outcome.completedAt ?? '') : Number.NaN;
  return {
    id: session.id,
    sessions: dirname(session.directory),
    directory: session.directory,
    state: phaseOf(looked),
    daemon: await lookAtDaemon(session, looked.session === session ? looked.records?.daemon : undefined),
    endedAt: Number.isNaN(completed) ? writtenAt(session) : completed,
    survivor: looked.survivor,
    hook: undefined,
    target: target.kind === 'present' ? target.value : undefined,
    isReadOnly: !session.directory.startsWith(`${roots.primary}/`),
  };
}

/** By its lifeline, where it has one. */
async function lookAtDaemon(session: Session, record = readDaemon(session)): Promise<GcSession['daemon']> {
  if (record.kind === 'absent') return 'dead';
  if (record.kind !== 'present') return 'unknown';
  const look = lookAtDaemonLifeline(session, record.value);
  return look === 'alive' || look === 'dead' ? look : (await probe(record.value.identity, session.id)).state;
}

/** One that has let go of its lifeline may still be handing its hooks over. */
async function daemonOf(session: Session): Promise<GcSession['daemon']> {
  const record = readDaemon(session);
  const seen = await lookAtDaemon(session, record);
  if (seen !== 'dead' || record.kind !== 'present') return seen;
  return (await probe(record.value.identity, session.id)).state === 'alive' ? 'alive' : 'dead';
}

/** Now, where that cannot be told: it is then too young. */
function writtenAt(session: Session): number {
  try {
    return lastWriteTime(session.directory);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return Date.now();
  }
}
