import { accessSync, constants, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import type { Plan } from './plan.ts';
import type { Event, Exit } from './transition.ts';

/** The command's process: `pid` is `undefined` when it could not be started. */
export interface Launched {
  readonly pid: number | undefined;
  /** Never rejects. */
  readonly ended: Promise<Extract<Event, { kind: 'exited' | 'not-started' }>>;
}

export interface Descriptors {
  readonly stdout: number;
  readonly stderr: number;
}

/** Adjusts how readily the kernel takes the command when memory runs out: before its supervisor. */
const OOM_SCORE_RAISE = 100;
const MAX_OOM_SCORE = 1000;

/**
 * Starts the command in its own session and process group. Its output goes straight to the files: not a byte passes
 * through the supervisor's memory. The supervisor's own standard input is the command's.
 */
export function launch(plan: Plan, descriptors: Descriptors): Launched {
  const [command, ...args] = plan.argv;
  const subprocess = execa(command, args, {
    cwd: plan.cwd,
    env: { ...plan.env },
    extendEnv: false,
    // Any descriptor is taken; the types know only the standard ones.
    stdio: ['inherit', descriptors.stdout as 1, descriptors.stderr as 2],
    buffer: false,
    reject: false,
    cleanup: false,
    detached: true,
  });
  const { pid } = subprocess;
  if (pid !== undefined) raiseOomScore(pid);
  const ended = subprocess.then((result) => {
    if (result.signal !== undefined) return exited({ kind: 'signal', signal: result.signal as NodeJS.Signals });
    if (result.exitCode !== undefined) return exited({ kind: 'code', code: result.exitCode });
    return notStarted(plan, result.code);
  });
  return { pid, ended };
}

function exited(exit: Exit): Extract<Event, { kind: 'exited' }> {
  return { kind: 'exited', exit };
}

/** Exit codes as shells give them: 127 not found, 126 found but not executable. */
function notStarted(plan: Plan, code: string | undefined): Extract<Event, { kind: 'not-started' }> {
  const [command] = plan.argv;
  const failed = (exitCode: number, reason: string, detail: string) =>
    ({ kind: 'not-started', exitCode, reason, detail }) as const;
  // spawn(2) says ENOENT for a missing directory too.
  if (!isDirectory(plan.cwd)) return failed(127, 'cwd-not-found', `cannot start: the directory ${plan.cwd} is gone`);
  if (code === 'ENOENT') {
    const found = findCommand(command, plan);
    return found === undefined
      ? failed(127, 'not-found', `cannot start: ${command} was not found`)
      : failed(127, 'interpreter-not-found', `cannot start: ${found} names an interpreter that was not found`);
  }
  if (code === 'EACCES') return failed(126, 'not-executable', `cannot start: ${command} is not executable`);
  return failed(126, 'not-started', `cannot start: ${command} (${code ?? 'unknown error'})`);
}

function findCommand(command: string, { cwd, env }: Plan): string | undefined {
  const places = command.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter);
  const paths = places.map((place) =>
    place === '' ? join(command.startsWith('/') ? '' : cwd, command) : join(place, command),
  );
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function raiseOomScore(pid: number): void {
  try {
    const own = Number(readFileSync('/proc/self/oom_score_adj', 'utf8'));
    writeFileSync(`/proc/${pid}/oom_score_adj`, String(Math.min(MAX_OOM_SCORE, own + OOM_SCORE_RAISE)));
  } catch {
    // No /proc, or the command is gone already.
  }
}
