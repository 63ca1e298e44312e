import { cleanLine } from '@csa/markers';
import {
  lookAtDaemonLifeline,
  RECORD_FILES,
  type Reading,
  type RecordFile,
  readCommand,
  readCompletion,
  readDaemon,
  readMetadata,
  readReport,
  readResult,
  readResumeTarget,
  readState,
  readStopRequest,
  type Session,
  sightFile,
} from '@csa/session';

/** One file of a session's record as status shows it; all text is clean. */
export interface RecordEntry {
  readonly file: RecordFile;
  /** `unreadable`: by its own fault, see `detail`; `error`: it cannot be looked at now. */
  readonly state: 'present' | 'absent' | 'unreadable' | 'error';
  readonly bytes: number | null;
  readonly modified_at: string | null;
  readonly age_ms: number | null;
  readonly detail: string | null;
}

const MAX_DETAIL_BYTES = 200;

const READERS: Partial<Record<RecordFile, (session: Session) => Reading<unknown>>> = {
  'state.toml': readState,
  'metadata.toml': readMetadata,
  'daemon.pid': readDaemon,
  'command.pid': readCommand,
  'stop-request.toml': readStopRequest,
  'resume-target.toml': readResumeTarget,
  'output/result.toml': readReport,
  'result.toml': readResult,
  'daemon-completion.toml': readCompletion,
  // Read only where there is no other completion.
  '.complete': readCompletion,
};

/** Every file that a record may have: whether it is there, and whether it can be read. */
export function viewRecord(session: Session, now: number = Date.now()): RecordEntry[] {
  return RECORD_FILES.map((file) => viewFile(session, file, now));
}

function viewFile(session: Session, file: RecordFile, now: number): RecordEntry {
  const nothing = { file, bytes: null, modified_at: null, age_ms: null, detail: null };
  const sighting = sightFile(session.directory, file);
  if (sighting.kind === 'absent') return { ...nothing, state: 'absent' };
  if (sighting.kind === 'error') return { ...nothing, state: 'error', detail: sighting.code };
  const { bytes, modifiedAt, type } = sighting;
  const seen = {
    file,
    bytes,
    modified_at: timeOf(modifiedAt),
    age_ms: Math.max(0, Math.round(now - modifiedAt)),
  };
  if (file === 'lifeline') return { ...seen, state: 'present', detail: lifelineWords(session) };
  const reading: Reading<unknown> = READERS[file]?.(session) ?? { kind: 'present', value: undefined };
  switch (reading.kind) {
    case 'unreadable':
      return { ...seen, state: 'unreadable', detail: cleanLine(reading.why, MAX_DETAIL_BYTES) };
    case 'error':
      return { ...seen, state: 'error', detail: reading.code };
    default:
      return type === 'file' ? { ...seen, state: 'present', detail: null } : notAFile(seen, type);
  }
}

/** Some file systems keep times that no calendar has. */
function timeOf(ms: number): string | null {
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function notAFile(seen: Omit<RecordEntry, 'state' | 'detail'>, type: string): RecordEntry {
  return { ...seen, state: 'unreadable', detail: `not a regular file (${type})` };
}

function lifelineWords(session: Session): string {
  const daemon = readDaemon(session);
  switch (daemon.kind === 'present' ? lookAtDaemonLifeline(session, daemon.value) : undefined) {
    case 'alive':
      return 'held by the supervisor';
    case 'dead':
      return 'held by nobody';
    case 'error':
      return 'cannot be looked at now';
    default:
      return 'not the one that the supervisor recorded';
  }
}
