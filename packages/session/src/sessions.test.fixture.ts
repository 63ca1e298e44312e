import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '@csa/testkit';
import { onTestFinished } from 'vitest';
import type { SessionResult } from './result.ts';
import { openSessionDirectory, type Session } from './session.ts';
import { newSessionId, type SessionId } from './session-id.ts';

export const RESULT: SessionResult = {
  status: 'failure',
  exitCode: 137,
  summary: 'first "line"\nsecond',
  tool: 'codex',
  startedAt: '2026-08-20T09:15:03.771002118Z',
  completedAt: '2026-08-20T09:41:07.318+02:00',
  processExitCode: 12,
  reason: 'stopped',
  warnings: ['one', 'two'],
};

/** An empty session directory in a temporary place. */
export function emptySession(id: SessionId = newSessionId(), sessions: string = temporaryDirectory()): Session {
  const directory = join(sessions, id);
  mkdirSync(directory, { recursive: true });
  const session = openSessionDirectory(directory, id);
  if (session === undefined) throw new Error(`${directory} is not there`);
  return session;
}

/** A session that holds this one file. */
export function sessionWith(name: string, content: string | Uint8Array): Session {
  const session = emptySession();
  mkdirSync(join(session.directory, 'output'));
  writeFileSync(join(session.directory, name), content);
  return session;
}

export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly args?: readonly string[];
  /** A command line that runs the rest of its words. */
  readonly through?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a module of Node to its end, which must come within 30 s; SRC in it stands for the address of this folder. */
export function runModule(module: string, { args = [], through = [], env }: RunOptions = {}): Promise<Ran> {
  const script = module.replaceAll('SRC', import.meta.dirname);
  const node = [process.execPath, '--conditions=csa-source', '--input-type=module', '-e', script, '--', ...args];
  const [command = '', ...words] = [...through, ...node];
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000, env: env ?? process.env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** The JSON that a module printed last; what it said on stderr goes into the failure. */
export async function answerOf<T>(module: string, options: RunOptions = {}): Promise<T> {
  const { code, signal, stdout, stderr } = await runModule(module, options);
  if (code !== 0) throw new Error(`the module ended with ${code ?? signal}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** Runs its words after a line of shell. */
export function afterShell(line: string): string[] {
  return ['sh', '-c', `${line}; exec "$@"`, 'sh'];
}

export function works(command: readonly string[]): boolean {
  const [program = '', ...words] = command;
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}

/** Permissions bite in what runs through this, also for root. */
export function withoutOverride(): string[] {
  if (process.getuid?.() !== 0) return [];
  const sets = '-dac_override,-dac_read_search,-fowner';
  return ['setpriv', '--bounding-set', sets, '--inh-caps', sets];
}

/** Root of a user namespace of its own, which may mount and set limits; `undefined` where the machine forbids that. */
export function namespace(): string[] | undefined {
  const command = ['unshare', '--user', '--map-root-user', '--mount'];
  return works([...command, 'true']) ? command : undefined;
}
