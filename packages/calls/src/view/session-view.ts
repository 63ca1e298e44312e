import { cleanLine } from '@csa/markers';
import { readCommand, readDaemon, readMetadata, readState, type Session, sessionIdTime } from '@csa/session';
import { exitCodeOf } from '../exit-code.ts';
import type { WaitedSession } from '../wait/wait-session.ts';

export type SessionPhase = 'alive' | 'finished' | 'dead' | 'unknown';

/** One session as lists and status show it; all text is clean. */
export interface SessionView {
  readonly id: string;
  readonly resolved: string | null;
  readonly state: SessionPhase;
  readonly status: string | null;
  /** What a wait would exit with. */
  readonly exit: number | null;
  /** The recorded code, whatever its range. */
  readonly session_exit: number | null;
  readonly reason: string | null;
  readonly tool: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly started_at: string;
  readonly elapsed_ms: number;
  readonly idle_ms: number | null;
  readonly supervisor_pid: number | null;
  /** The command's own process, as it was recorded; it may have ended. */
  readonly command_pid: number | null;
  readonly directory: string;
  readonly stdout_log: string;
  readonly stderr_log: string;
}

/** How much of a text of its own a session shows. */
export const MAX_TEXT_BYTES = 200;

/** How it is read what a session says of itself; none of it decides anything. */
export interface SelfRecords {
  readonly readState: typeof readState;
  readonly readMetadata: typeof readMetadata;
  readonly readCommand: typeof readCommand;
}

const READ_ANEW: SelfRecords = { readState, readMetadata, readCommand };

/** Puts together what one look showed and what the session that decides says of itself. */
export function viewSession(asked: Session, looked: WaitedSession, records: SelfRecords = READ_ANEW): SessionView {
  const { session } = looked;
  const { end } = looked.waited;
  const state = records.readState(session);
  const metadata = looked.records?.metadata ?? records.readMetadata(session);
  const daemon = looked.records?.daemon ?? readDaemon(session);
  const command = records.readCommand(session);
  const outcome = end.kind === 'finished' ? end.outcome : undefined;
  const startedAt = sessionIdTime(session.id);
  const endedAt = Date.parse(outcome?.completedAt ?? '') || undefined;
  return {
    id: asked.id,
    resolved: looked.resolved ?? null,
    state: phaseOf(looked),
    status: outcome === undefined ? null : clean(outcome.status),
    exit: outcome === undefined ? null : exitCodeOf(outcome),
    session_exit: outcome?.exitCode ?? null,
    reason: reasonOf(looked),
    tool: clean(metadata.kind === 'present' ? metadata.value.tool : (outcome?.tool ?? '')),
    description: clean(state.kind === 'present' ? state.value.description : ''),
    labels: cleanLabels(metadata.kind === 'present' ? metadata.value.labels : new Map()),
    started_at: new Date(startedAt).toISOString(),
    elapsed_ms: Math.max(0, (endedAt ?? Date.now()) - startedAt),
    idle_ms: looked.idleMs === undefined ? null : Math.round(looked.idleMs),
    supervisor_pid: daemon.kind === 'present' ? daemon.value.identity.pid : null,
    command_pid: command.kind === 'present' ? command.value.pid : null,
    directory: session.directory,
    stdout_log: `${session.directory}/stdout.log`,
    stderr_log: `${session.directory}/stderr.log`,
  };
}

/** What a session is, as far as one look tells. */
export function phaseOf({ waited: { end } }: WaitedSession): SessionPhase {
  switch (end.kind) {
    case 'alive':
    case 'finished':
    case 'dead':
      return end.kind;
    default:
      return 'unknown';
  }
}

/** Why it is so, where there is more to say. */
export function reasonOf({ waited: { end } }: WaitedSession): string | null {
  switch (end.kind) {
    case 'finished':
      return end.reason ?? (end.outcome.detail === undefined ? null : clean(end.outcome.detail));
    case 'undetermined':
    case 'alias-trouble':
      return end.reason;
    case 'lost':
      return 'registry-lost';
    default:
      return null;
  }
}

/** No prototype: a label may be called `__proto__`. */
function cleanLabels(labels: ReadonlyMap<string, string>): Record<string, string> {
  const clear: Record<string, string> = Object.create(null);
  for (const [key, value] of labels) clear[clean(key)] = clean(value);
  return clear;
}

function clean(text: string): string {
  return cleanLine(text, MAX_TEXT_BYTES);
}
