import { type LifelineLook, type LifelineRecord, lookAtLifeline, type ProcessIdentity } from '@csa/liveness';
import { writeAtomically } from './atomic-write.ts';
import { type Reading, readRecord } from './reading.ts';
import { recordPlace, type Session } from './session.ts';

/** Who watches over a session: daemon.pid, in which this project writes more fields than the older program. */
export interface DaemonRecord {
  readonly identity: ProcessIdentity;
  /** Absent where no lifeline could be made, and in records of the older program. */
  readonly lifeline?: LifelineRecord;
  /** Whether the record has this project's fields: a foreign program that resumes the session writes fewer. */
  readonly isOurs: boolean;
}

export const LIFELINE_FILE = 'lifeline';
const DAEMON_FILE = 'daemon.pid';
const COMMAND_FILE = 'command.pid';
const NONE = '-';
const OUR_FIELDS = 7;
const MAX_PID = 2 ** 22;

export function readDaemon(session: Session): Reading<DaemonRecord> {
  return readRecord(recordPlace(session, DAEMON_FILE), parseDaemon);
}

/** One look at the session's lifeline; `undefined` where the record names none. */
export function lookAtDaemonLifeline(session: Session, { lifeline }: DaemonRecord): LifelineLook | undefined {
  return lifeline === undefined ? undefined : lookAtLifeline(`${session.directory}/${LIFELINE_FILE}`, lifeline);
}

/** The command's process, which may outlive its supervisor. */
export function readCommand(session: Session): Reading<ProcessIdentity> {
  return readRecord(recordPlace(session, COMMAND_FILE), (text) => parseDaemon(text).identity);
}

/** `<pid> <start> <boot id> <machine id> <pid namespace> <st_dev> <st_ino>`; older files end earlier, some after the pid. */
export function parseDaemon(text: string): DaemonRecord {
  // ASCII blanks only: a byte-order mark is no blank here.
  const fields = text.match(/[^ \t\r\n]+/g) ?? [];
  const [pidText = '', startTime, bootId, machineId, pidNamespace, dev, ino] = fields;
  const pid = /^\d{1,10}$/.test(pidText) ? Number(pidText) : Number.NaN;
  if (!(pid > 1 && pid <= MAX_PID)) throw new Error('no process id');
  if (startTime !== undefined && startTime !== NONE && !/^\d{1,20}$/.test(startTime)) throw new Error('no start time');
  return {
    identity: { pid, ...given({ startTime, bootId, machineId, pidNamespace }) },
    ...(known(bootId) && known(dev) && known(ino) ? { lifeline: { bootId, dev, ino } } : {}),
    isOurs: fields.length >= OUR_FIELDS,
  };
}

export function formatDaemon(
  identity: ProcessIdentity,
  lifeline?: { readonly dev: string; readonly ino: string },
): string {
  const { pid, startTime, bootId, machineId, pidNamespace } = identity;
  const fields = [startTime, bootId, machineId, pidNamespace, lifeline?.dev, lifeline?.ino];
  return `${[String(pid), ...fields.map((field) => field ?? NONE)].join(' ')}\n`;
}

/** @throws a system error */
export function recordDaemon(
  directory: string,
  identity: ProcessIdentity,
  lifeline?: { readonly dev: string; readonly ino: string },
): void {
  writeAtomically(`${directory}/${DAEMON_FILE}`, formatDaemon(identity, lifeline));
}

/** @throws a system error */
export function recordCommand(session: Session, identity: ProcessIdentity): void {
  writeAtomically(recordPlace(session, COMMAND_FILE).path, formatDaemon(identity));
}

function known(field: string | undefined): field is string {
  return field !== undefined && field !== NONE;
}

function given(fields: Record<string, string | undefined>): Partial<Omit<ProcessIdentity, 'pid'>> {
  const some: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) if (known(value)) some[name] = value;
  return some;
}
