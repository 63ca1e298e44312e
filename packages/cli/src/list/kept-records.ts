import { FileCache } from '@csa/cache';
import type { SelfRecords } from '@csa/calls/view';
import {
  type Reading,
  type RecordFile,
  readCommand,
  readMetadata,
  readState,
  type Session,
  sightFile,
} from '@csa/session';

/** As many as anybody looks at for long, and more than are alive at once. */
const MAX_RECORDS = 2_000;

/**
 * Reads what sessions say of themselves, and keeps it as long as the files are the same: for a list that is shown for
 * hours. Nothing of it decides whether a session lives, or how it ended.
 */
export function keptRecords(): SelfRecords {
  return {
    readState: keeping('state.toml', readState),
    readMetadata: keeping('metadata.toml', readMetadata),
    readCommand: keeping('command.pid', readCommand),
  };
}

/** Only what is a file by itself is kept: behind a link stands another session's, or nobody's. */
function keeping<T>(name: RecordFile, read: (session: Session) => Reading<T>): (session: Session) => Reading<T> {
  let asked: Session | undefined;
  const cache = new FileCache<Reading<T>>({
    maxEntries: MAX_RECORDS,
    read: () => lasting(asked === undefined ? ABSENT : read(asked)),
  });
  return (session) => {
    const sighting = sightFile(session.directory, name);
    if (sighting.kind !== 'present' || sighting.type !== 'file') return read(session);
    asked = session;
    try {
      return cache.getSync(`${session.directory}/${name}`);
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      return error.reading;
    }
  };
}

const ABSENT = { kind: 'absent' } as const;

/** Our own trouble in reading: it says nothing of the file, and is not to be kept. */
class Passing extends Error {
  readonly reading: Extract<Reading<never>, { kind: 'error' }>;

  constructor(reading: Extract<Reading<never>, { kind: 'error' }>) {
    super(reading.code);
    this.reading = reading;
  }
}

function lasting<T>(reading: Reading<T>): Reading<T> {
  if (reading.kind === 'error') throw new Passing(reading);
  return reading;
}
