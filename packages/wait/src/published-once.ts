import type { DaemonRecord, Reading, SessionMetadata } from '@csa/session';

/** Whether daemon.pid still has this project's fields: a foreign program that resumes a session writes fewer. */
export function isOurs(daemon: Reading<DaemonRecord>): boolean {
  return daemon.kind === 'present' && daemon.value.isOurs;
}

/** Whether metadata.toml says that the result is published once; it counts only for a session that is still ours. */
export function promisesOnce(metadata: Reading<SessionMetadata>): boolean {
  return metadata.kind === 'present' && metadata.value.publishesOnce;
}
