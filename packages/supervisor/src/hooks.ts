import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { appendNotes, HOOK_COOKIE, type Session } from '@csa/session';
import { handedOver, readHandedOver } from './handed-over.ts';

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

export interface HookRunner {
  /** Calls {@link readHookErrand}; its one word is the session's directory. */
  readonly script: string;
  /** Milliseconds that it may take to read its errand. */
  readonly patienceMs?: number;
}

/** Not standard input: whatever looks at that through `process.stdin` makes it a stream that does not block. */
const ERRAND_FD = 3;
/** A machine that thrashes takes seconds to start a program. */
const PATIENCE_MS = 30_000;

/**
 * Starts the one process that runs a session's hooks, in a session of its own, and leaves it alone as soon as it has
 * read what to do: whoever waits for the supervisor's end waits for no hook. It carries the session's hook cookie, so
 * that nobody removes the session under it. Never throws; what fails is a note.
 */
export function handOverHooks(runner: HookRunner, session: Session, errand: HookErrand): void {
  try {
    new HandOver(spawnRunner(runner, session), session).begin(errand, runner.patienceMs ?? PATIENCE_MS);
  } catch (error) {
    noteNotRun(session, String(error));
  }
}

/**
 * What a hook runner has to do, as its supervisor says, who leaves as soon as it is read.
 * @throws Error when the supervisor was cut off
 */
export function readHookErrand(): HookErrand {
  const errand = readErrand();
  try {
    writeSync(ERRAND_FD, 'read');
    closeSync(ERRAND_FD);
  } catch {
    // A supervisor that crashes waits for no answer.
  }
  return errand;
}

/** The parser's own words would repeat a part of what may be secret. */
function readErrand(): HookErrand {
  try {
    return JSON.parse(readHandedOver(ERRAND_FD)) as HookErrand;
  } catch {
    throw new Error('their supervisor was cut off before it had said what to run');
  }
}

/** One errand on its way to its runner; the first end that it comes to counts. */
class HandOver {
  readonly #child: ChildProcess;
  readonly #session: Session;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(child: ChildProcess, session: Session) {
    this.#child = child;
    this.#session = session;
  }

  begin(errand: HookErrand, patienceMs: number): void {
    this.#child.once('error', (error) => this.#fail(String(error)));
    // Not its exit: an answer that is still on its way counts.
    this.#child.once('close', (code, signal) =>
      this.#fail(`their runner ended before it had read them (${signal ?? code})`),
    );
    const pipe = this.#pipe;
    // What breaks it is the end of the runner, which is told of.
    pipe?.on('error', () => {});
    pipe?.once('data', () => this.#end());
    pipe?.write(handedOver(errand));
    this.#timer = setTimeout(() => {
      // Whoever is told that they were not run counts on it.
      this.#child.kill('SIGKILL');
      this.#fail(`their runner had not read them after ${patienceMs / 1000}s and was ended`);
    }, patienceMs);
  }

  /** A spawn that fails for want of descriptors leaves no streams at all. */
  get #pipe(): Duplex | undefined {
    return (this.#child.stdio?.[ERRAND_FD] ?? undefined) as Duplex | undefined;
  }

  #fail(why: string): void {
    if (this.#isOver) return;
    this.#end();
    noteNotRun(this.#session, why);
  }

  /** From here on this process waits for nobody. */
  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#child.unref();
    this.#pipe?.destroy();
  }
}

function spawnRunner({ script }: HookRunner, { id, directory }: Session): ChildProcess {
  const stdio: StdioOptions = ['ignore', 'ignore', 'ignore', 'pipe'];
  const env = { ...process.env, [HOOK_COOKIE]: id };
  return spawn(process.execPath, [script, directory], { cwd: '/', detached: true, stdio, env });
}

function noteNotRun(session: Session, why: string): void {
  try {
    appendNotes(session, [`the hooks were not run: ${why}`]);
  } catch {
    // The record itself stands.
  }
}
