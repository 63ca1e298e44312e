import { type StdioOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
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

/** Not standard input: whatever looks at that through `process.stdin` makes it a stream that does not block. */
const ERRAND_FD = 3;
/** What does not fit into the pipe at once is read as soon as the runner is there; a stuck one keeps nobody. */
const HAND_OVER_MS = 5_000;

/**
 * Starts the one process that runs a session's hooks, in a session of its own, and leaves it alone: whoever waits for
 * the supervisor's end waits for no hook. Never throws; what fails is a note.
 */
export function handOverHooks(script: string, session: Session, errand: HookErrand): void {
  const failed = (error: unknown): void => noteQuietly(session, `the hooks were not run: ${String(error)}`);
  try {
    const stdio: StdioOptions = ['ignore', 'ignore', 'ignore', 'pipe'];
    const runner = spawn(process.execPath, [script], { cwd: '/', detached: true, stdio });
    runner.once('error', failed);
    runner.unref();
    // A spawn that fails for want of descriptors leaves no streams at all.
    const pipe = runner.stdio?.[ERRAND_FD] as Duplex | null | undefined;
    pipe?.once('error', failed);
    // Its other direction would stay open, and keep this process, as long as the runner is there.
    pipe?.end(JSON.stringify(errand), () => pipe.destroy());
    setTimeout(() => pipe?.destroy(), HAND_OVER_MS).unref();
  } catch (error) {
    failed(error);
  }
}

/** What a hook runner has to do, as its supervisor says; `undefined` when the supervisor was cut off. */
export function readHookErrand(): HookErrand | undefined {
  try {
    return JSON.parse(readFileSync(ERRAND_FD, 'utf8')) as HookErrand;
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
