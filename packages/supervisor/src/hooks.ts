import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendNotes, type Session } from '@csa/session';

/** What is to be done after a session's end; handed over a pipe, because hooks and environment may hold secrets. */
export interface HookErrand {
  /** The session's directory. */
  readonly directory: string;
  /** Where the hooks run. */
  readonly project: string;
  /** The command's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Shell commands, run one after the other. */
  readonly hooks: readonly string[];
}

/** What does not fit into the pipe at once is read as soon as the runner is there; a stuck one keeps nobody. */
const HAND_OVER_MS = 5_000;

/**
 * Starts the one process that runs a session's hooks, in a session of its own, and leaves it alone: whoever waits for
 * the supervisor's end waits for no hook. Never throws; what fails is a note.
 */
export function handOverHooks(script: string, session: Session, errand: HookErrand): void {
  const failed = (error: unknown): void => noteQuietly(session, `the hooks were not run: ${String(error)}`);
  try {
    const runner = spawn(process.execPath, [script], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    runner.once('error', failed);
    runner.unref();
    // A spawn that fails for want of descriptors leaves no streams at all.
    runner.stdin?.once('error', failed);
    runner.stdin?.end(JSON.stringify(errand));
    setTimeout(() => runner.stdin?.destroy(), HAND_OVER_MS).unref();
  } catch (error) {
    failed(error);
  }
}

/** What a hook runner has to do, from its standard input; `undefined` when the supervisor was cut off. */
export function readHookErrand(): HookErrand | undefined {
  try {
    return JSON.parse(readFileSync(0, 'utf8')) as HookErrand;
  } catch {
    return undefined;
  }
}

function noteQuietly(session: Session, note: string): void {
  try {
    appendNotes(session, [note]);
  } catch {
    // The record itself stands.
  }
}
