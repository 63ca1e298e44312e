import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookAtLifeline } from '@csa/liveness';
import {
  LIFELINE_FILE,
  readDaemon,
  readResult,
  type Session,
  type SessionResult,
  type StopRequest,
} from '@csa/session';
import { until, type World } from '@csa/testkit';
import { type Started, type StartRequest, start } from './index.ts';

export const SUPERVISOR: string = join(import.meta.dirname, 'supervisor.test.fixture.ts');
export const STARTER: string = join(import.meta.dirname, 'starter.test.fixture.ts');
const PATIENCE_MS = 30_000;

type Argv = StartRequest['argv'];

export function requestOf(world: World, argv: Argv, more: Partial<StartRequest> = {}): StartRequest {
  return {
    argv,
    project: world.project,
    sessions: sessionsOf(world),
    description: 'a test',
    inheritedEnv: world.env,
    addedEnv: {},
    keepAgentMarks: false,
    supervisorScript: SUPERVISOR,
    ...more,
  };
}

export function sessionsOf(world: World): string {
  return join(world.stateRoot, world.project.slice(1), 'sessions');
}

export function startIn(world: World, argv: Argv, more: Partial<StartRequest> = {}): Promise<Started> {
  return start(requestOf(world, argv, more));
}

/** Starts `sh -c script`. */
export function startShell(world: World, script: string, more: Partial<StartRequest> = {}): Promise<Started> {
  return startIn(world, ['sh', '-c', script], { tool: 'shell', ...more });
}

/** The session's result once it is published. */
export function resultOf({ session }: Started): Promise<SessionResult> {
  return until(
    () => {
      const reading = readResult(session);
      return reading.kind === 'present' ? reading.value : undefined;
    },
    `the result of ${session.id}`,
    PATIENCE_MS,
  );
}

/** The supervisor has left its whole record and let go of its lifeline, or died. */
export async function supervisorGone({ session }: Started): Promise<void> {
  const daemon = readDaemon(session);
  if (daemon.kind !== 'present' || daemon.value.lifeline === undefined) throw new Error('a session without a lifeline');
  const { lifeline } = daemon.value;
  const path = join(session.directory, LIFELINE_FILE);
  await until(() => lookAtLifeline(path, lifeline) === 'dead', 'the end of the supervisor', PATIENCE_MS);
}

/** Waits for what the command has printed to match. */
export function printed({ session }: Started, pattern: RegExp): Promise<RegExpExecArray> {
  const look = (): RegExpExecArray | null => pattern.exec(read(session, 'stdout.log'));
  return until(look, `${pattern} in stdout.log`, PATIENCE_MS) as Promise<RegExpExecArray>;
}

export function read(session: Session, name: string): string {
  return readFileSync(join(session.directory, name), 'utf8');
}

export function stopRequest(more: Partial<StopRequest> = {}): StopRequest {
  return { by: 'alice', at: new Date().toISOString(), why: 'a test', signal: 'SIGTERM', graceMs: 20_000, ...more };
}

/** Whether a process of this pid runs; a zombie does not. */
export function runs(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export function gone(pid: number): Promise<boolean> {
  return until(() => !runs(pid), `the end of ${pid}`, PATIENCE_MS);
}
