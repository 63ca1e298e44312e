import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RunResult, World } from '@csa/testkit';
import { onTestFinished } from 'vitest';

export interface ProgramOptions {
  readonly world: World;
  /** the world's project unless given */
  readonly cwd?: string;
  /** laid over the world's environment; an undefined value takes a variable away */
  readonly env?: NodeJS.ProcessEnv;
}

/** A program at work, and what it has printed so far. */
export interface Program {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<RunResult>;
  kill(signal: NodeJS.Signals): void;
}

/** Start any program in the world, leader of its own process group; it is killed after the test if it still runs. */
export function program(argv: readonly [string, ...string[]], options: ProgramOptions): Program {
  const [file, ...args] = argv;
  const child = spawn(file, args, {
    cwd: options.cwd ?? options.world.project,
    env: { ...options.world.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<RunResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  ended.catch(() => {});
  onTestFinished(() => {
    child.kill('SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
  });
  if (child.pid === undefined) throw new Error(`${file} could not be started`);
  return {
    pid: child.pid,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    kill: (signal) => void child.kill(signal),
  };
}

/** Run any program in the world to its end. */
export function run(argv: readonly [string, ...string[]], options: ProgramOptions): Promise<RunResult> {
  return program(argv, options).ended;
}

/** Run one line of shell, as an agent's shell tool does. */
export function shell(line: string, options: ProgramOptions): Promise<RunResult> {
  return run(['sh', '-c', line], options);
}

/** The words in front of a command that give it a mount namespace of its own. */
export const OWN_MOUNTS: readonly [string, ...string[]] =
  process.getuid?.() === 0 ? ['unshare', '-m'] : ['unshare', '-U', '-r', '-m'];

/** Whether a process is there and no zombie. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
