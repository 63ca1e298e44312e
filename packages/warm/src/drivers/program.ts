import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { endGroup, identify, mayHaveMember, type ProcessIdentity } from '@csa/liveness';
import { errnoOf } from '@csa/session';
import { OutputTail } from './output-tail.ts';

export interface Program {
  /** Never given to a shell. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Its whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /** What it finds on its standard input; absent: nothing, as from /dev/null. */
  readonly input?: string;
  /** Milliseconds until it is ended. */
  readonly timeoutMs: number;
  /** Is told who leads its group, soon after it has started: whoever outlives this process can end it then. */
  readonly onProcess?: (leader: ProcessIdentity) => void;
}

/** How it ended, with the last of what it printed. `code` of one that was not started: an errno, or Node's own name. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly code: number; readonly stdout: string }
  | { readonly kind: 'killed'; readonly by: NodeJS.Signals; readonly stdout: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'not-started'; readonly code: string };

type OwnEnd = Extract<ProgramEnd, { kind: 'not-started' }> | { readonly kind: 'gone'; readonly exit: Exit };

interface Exit {
  readonly code: number | null;
  readonly by: NodeJS.Signals | null;
  /** Looked at when it had just ended: later its group's id may be another's. */
  readonly left: boolean;
}

/** Output that is on its way when a program ends; what it left running may hold the pipe for ever. */
const LAST_OUTPUT_MS = 200;
/** The most that a timer takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs a program in a process group of its own, and gives what came of it when nothing of that group runs any more: at
 * its limit and when `signal` is aborted the group is ended, and what it has left running when it ends by itself is
 * ended too. It is killed after a grace, and only what the kernel itself holds up may outlive that. Never throws. Its standard error goes nowhere: nobody vouches for what is in it.
 */
export async function runProgram(program: Program, signal: AbortSignal, graceMs?: number): Promise<ProgramEnd> {
  const child = startProgram(program);
  if (!(child instanceof Object)) return { kind: 'not-started', code: child };
  void announce(child, program);
  const output = new OutputTail(child.stdout);
  const end = await firstOf(ownEnd(child), program.timeoutMs, signal);
  if (end.kind === 'gone') await closed(child.stdout);
  const stdout = output.close();
  if (child.pid !== undefined && (end.kind !== 'gone' || end.exit.left)) await endGroup(child.pid, graceMs);
  if (end.kind !== 'gone') return end;
  const { code, by } = end.exit;
  return by === null ? { kind: 'exited', code: code ?? 0, stdout } : { kind: 'killed', by, stdout };
}

/** The process, or why none was tried. */
function startProgram({ argv, cwd, env, input }: Program): ChildProcess | string {
  try {
    const [file = '', ...rest] = argv;
    const stdin = input === undefined ? 'ignore' : 'pipe';
    const child = spawn(file, rest, { cwd, env, stdio: [stdin, 'pipe', 'ignore'], detached: true });
    // It may end without reading what it was given: EPIPE is no trouble.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    return child;
  } catch (error) {
    return codeOf(error);
  }
}

/** Not one that has ended: its pid may be another's by now. */
async function announce(child: ChildProcess, { onProcess }: Program): Promise<void> {
  if (onProcess === undefined || child.pid === undefined) return;
  const leader = await identify(child.pid).catch(() => undefined);
  if (leader !== undefined && child.exitCode === null && child.signalCode === null) onProcess(leader);
}

function ownEnd(child: ChildProcess): Promise<OwnEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ kind: 'not-started', code: codeOf(error) }));
    child.once('exit', (code, by) =>
      resolve({ kind: 'gone', exit: { code, by, left: mayHaveMember(child.pid ?? 0) } }),
    );
  });
}

function codeOf(error: unknown): string {
  const named = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return errnoOf(error) ?? named ?? 'unknown error';
}

async function firstOf(
  own: Promise<OwnEnd>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<OwnEnd | { readonly kind: 'timed-out' | 'aborted' }> {
  const outside = Promise.withResolvers<{ readonly kind: 'timed-out' | 'aborted' }>();
  const timer = setTimeout(outside.resolve, Math.min(timeoutMs, MAX_TIMER_MS), { kind: 'timed-out' });
  const abort = () => outside.resolve({ kind: 'aborted' });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([own, outside.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

async function closed(stream: Readable | null): Promise<void> {
  if (stream === null || stream.closed) return;
  const end = Promise.withResolvers<void>();
  stream.once('close', end.resolve);
  const timer = setTimeout(end.resolve, LAST_OUTPUT_MS);
  await end.promise;
  clearTimeout(timer);
}
