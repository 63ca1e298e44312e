import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** A module of Node that runs beside the sources; SRC in it stands for this folder. Killed when the test is over. */
export function child(module: string, stdio: StdioOptions, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const script = module.replaceAll('SRC', `${PACKAGE}src`);
  const started = spawn(process.execPath, ['--conditions=csa-source', '--input-type=module', '-e', script], {
    cwd: PACKAGE,
    env: { ...process.env, ...env },
    stdio,
  });
  onTestFinished(() => void started.kill('SIGKILL'));
  return started;
}

/** Everything that a stream brings, and what it has brought so far. */
export function collected(stream: NodeJS.ReadableStream | null): { readonly text: () => string } {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => void chunks.push(chunk));
  return { text: () => Buffer.concat(chunks).toString('utf8') };
}

/** The exit code, once the streams are at their ends, too. */
export function ended(started: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    started.once('error', reject);
    started.once('close', (code, signal) => resolve(code ?? signal));
  });
}
