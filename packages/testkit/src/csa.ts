import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { World } from './world.ts';

/** How a program ended, with all that it printed. */
export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program at work. */
export interface Running {
  readonly pid: number;
  /** what it has printed so far */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** settles when it has ended **and** nobody holds its stdout and stderr any more, as `$(...)` of a shell does */
  readonly ended: Promise<RunResult>;
  /** SIGTERM unless another signal is given */
  kill(signal?: NodeJS.Signals): void;
}

export interface CsaOptions {
  readonly world: World;
  /** the world's project unless given */
  readonly cwd?: string;
  /** laid over the world's environment; an undefined value takes a variable away */
  readonly env?: NodeJS.ProcessEnv;
  /** any other string than these two is the text on its stdin; `ignore` unless given */
  readonly stdin?: 'ignore' | 'inherit' | (string & {});
}

/** The built csa, an absolute path. */
export const builtCsa: string = fileURLToPath(new URL('../../cli/bin/csa.js', import.meta.url));

/** The Node that runs the built csa in tests: `CSA_TEST_NODE`, else the one that runs this test. */
export function testNode(): string {
  return process.env['CSA_TEST_NODE'] || process.execPath;
}

/** Start the built csa with these arguments. It is killed (by pid) at the end of the test if it still runs. */
export function csa(args: readonly string[], options: CsaOptions): Running {
  const child = spawnCsa(args, options);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const ended = new Promise<RunResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout: stdout(), stderr: stderr() }));
  });
  // A test that looks only at the output must not fail by an unhandled rejection elsewhere.
  ended.catch(() => {});

  onTestFinished(() => {
    child.kill('SIGKILL');
    child.stdout?.destroy();
    child.stderr?.destroy();
  });
  if (child.pid === undefined) throw new Error(`${testNode()} could not be started, or its directory is missing`);
  return { pid: child.pid, stdout, stderr, ended, kill: (signal) => void child.kill(signal) };
}

/** Run the built csa to its end. */
export function runCsa(args: readonly string[], options: CsaOptions): Promise<RunResult> {
  return csa(args, options).ended;
}

function spawnCsa(args: readonly string[], options: CsaOptions): ChildProcess {
  const stdin = options.stdin ?? 'ignore';
  const child = spawn(testNode(), [builtCsa, ...args], {
    cwd: options.cwd ?? options.world.project,
    env: { ...options.world.env, ...options.env },
    stdio: [isPlainStdin(stdin) ? stdin : 'pipe', 'pipe', 'pipe'],
  });
  // It may end without reading what it was given: EPIPE is no trouble of the test's.
  child.stdin?.on('error', () => {});
  child.stdin?.end(stdin);
  return child;
}

function isPlainStdin(stdin: string): stdin is 'ignore' | 'inherit' {
  return stdin === 'ignore' || stdin === 'inherit';
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
