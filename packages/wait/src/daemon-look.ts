import { probe } from '@csa/liveness';
import { type DaemonRecord, lookAtDaemonLifeline, type Reading, type Session, sessionIdTime } from '@csa/session';
import type { DaemonLook } from './source.ts';

/** How long a session may stand there without daemon.pid before that means that nobody watches over it. */
const START_GRACE_MS = 10_000;

/**
 * One look at the daemon: the lifeline where the session has one that can be trusted, else the process's identity.
 * Never file ages, log growth or CPU.
 */
export async function lookAtDaemon(session: Session, record: Reading<DaemonRecord>): Promise<DaemonLook> {
  switch (record.kind) {
    case 'absent':
      return lookWithoutRecord(Date.now() - sessionIdTime(session.id));
    case 'unreadable':
      return { state: 'unknown', reason: 'daemon-unreadable' };
    case 'error':
      return { state: 'unknown', reason: 'io-error' };
    case 'present':
      return lookAtLifelineOf(session, record.value) ?? (await lookAtIdentity(session, record.value));
  }
}

/** `ageMs`: time since the session's id was made. */
export function lookWithoutRecord(ageMs: number): DaemonLook {
  return ageMs < START_GRACE_MS ? { state: 'unknown', reason: 'starting' } : { state: 'dead', conclusive: false };
}

function lookAtLifelineOf(session: Session, record: DaemonRecord): DaemonLook | undefined {
  const look = lookAtDaemonLifeline(session, record);
  if (look === 'alive') return { state: 'alive' };
  if (look === 'dead') return { state: 'dead', conclusive: true };
  return undefined;
}

async function lookAtIdentity(session: Session, { identity }: DaemonRecord): Promise<DaemonLook> {
  const liveness = await probe(identity, session.id);
  switch (liveness.state) {
    case 'alive':
      return { state: 'alive' };
    case 'dead':
      return { state: 'dead', conclusive: false };
    case 'unknown':
      return { state: 'unknown', reason: liveness.reason };
  }
}
