import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdLifeline, identify, type Lifeline } from '@csa/liveness';
import {
  bear,
  createUnborn,
  LIFELINE_FILE,
  openNamedDirectory,
  recordDaemon,
  reserveResult,
  type Session,
  type SessionId,
  type SessionResult,
} from '@csa/session';
import { temporaryDirectory } from '@csa/testkit';
import { onTestFinished } from 'vitest';

/** A session of ours whose supervisor is this very process: it dies, for every waiter, when `die` is called. */
export interface Living {
  readonly session: Session;
  readonly lifeline: Lifeline;
  die(): void;
}

export const RESULT: SessionResult = {
  status: 'success',
  exitCode: 0,
  summary: 'all good',
  tool: 'make',
  startedAt: '2026-08-20T09:15:03.771Z',
  completedAt: '2026-08-20T09:41:07.318Z',
};
/** As a foreign daemon writes it. */
export const RESULT_TEXT = `status = "success"
exit_code = 0
summary = "all good"
tool = "codex"
started_at = "2026-08-20T09:15:03.771002118Z"
completed_at = "2026-08-20T09:41:07.318204551Z"
`;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
let made = 0;

/** A session id made `ageMs` ago. */
export function idOfAge(ageMs = 3_600_000): SessionId {
  let text = '';
  for (let rest = Date.now() - ageMs, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) {
    text = ALPHABET.charAt(rest % 32) + text;
  }
  made += 1;
  return (text + String(made).padStart(16, '0')) as SessionId;
}

export async function livingSession(sessions: string = newSessions()): Promise<Living> {
  const unborn = createUnborn(sessions, { project: '/somewhere', description: 'a test', tool: 'make' });
  const lifeline = holdLifeline(join(unborn.directory, LIFELINE_FILE));
  onTestFinished(() => lifeline.release());
  reserveResult(unborn.directory);
  recordDaemon(unborn.directory, (await identify(process.pid)) ?? { pid: process.pid }, lifeline);
  return { session: bear(unborn), lifeline, die: () => lifeline.release() };
}

/** A session directory with just these files: what a foreign program may have left. */
export function foreignSession(
  files: Readonly<Record<string, string>>,
  { sessions = newSessions(), id = idOfAge() }: { sessions?: string; id?: SessionId } = {},
): Session {
  const directory = join(sessions, id);
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  return openNamedDirectory(directory);
}

/** A wrapper that stands for another session. */
export function wrapper(target: string, sessions: string, more: Readonly<Record<string, string>> = {}): Session {
  return foreignSession({ 'resume-target.toml': resumeTarget(target), ...more }, { sessions });
}

export function resumeTarget(id: string): string {
  return `kind = "resume-wrapper"\ntarget_session_id = "${id}"\ncreated_at = "2026-08-20T09:15:03Z"\n`;
}

export function newSessions(): string {
  return join(temporaryDirectory(), 'sessions');
}

/** A process that plays a foreign daemon, with the two fields of its daemon.pid; killed with the test. */
export async function daemonProcess(): Promise<{ readonly pidFile: string; end(): Promise<void> }> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  onTestFinished(() => endOf(child));
  const identity = await identify(child.pid ?? 0);
  if (identity?.startTime === undefined) throw new Error('the daemon did not start');
  return { pidFile: `${identity.pid} ${identity.startTime}\n`, end: () => endOf(child) };
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/**
 * Every path that an observer opens begins with the directory: each time it is asked for is a moment between reads.
 * `onStep` may send the read to another directory.
 */
export function steppingSession(session: Session, onStep: (step: number) => string | undefined): Session {
  let step = 0;
  return {
    ...session,
    get directory() {
      step += 1;
      return onStep(step - 1) ?? session.directory;
    },
  };
}
