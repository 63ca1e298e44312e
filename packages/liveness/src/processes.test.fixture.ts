import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { until } from '@csa/testkit';
import { onTestFinished } from 'vitest';

/** A real program, its whole process group killed (by its number, where it leads one) at the end of the test. */
export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The n-th whole line of its stdout, waited for. */
  line(n?: number): Promise<string>;
  readonly ended: Promise<void>;
}

export function start(command: string, args: readonly string[], options: SpawnOptions = {}): Started {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  onTestFinished(async () => {
    end(options.detached ? -pid : pid);
    await ended;
    child.stdout?.destroy();
  });
  const line = (n = 0): Promise<string> => until(() => text.split('\n').slice(0, -1)[n], `line ${n} of ${command}`);
  return { child, pid, line, ended };
}

export function startShell(script: string, options: SpawnOptions = {}): Started {
  return start('sh', ['-c', script], options);
}

/** A module for Node; SRC in it stands for the address of this folder. */
export function startNode(module: string, args: readonly string[] = [], options: SpawnOptions = {}): Started {
  return start(process.execPath, nodeArguments(module, args), options);
}

export function nodeArguments(module: string, args: readonly string[] = []): string[] {
  return ['--input-type=module', '-e', module.replaceAll('SRC', import.meta.dirname), ...args];
}

/** SIGKILL to a process or a group that this test has started, if it is still there. */
export function end(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // gone already
  }
}

/** Field 3 of /proc/<pid>/stat for commands without blanks in their names, '' when it is gone. */
export function stateOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ')[2] ?? '';
  } catch {
    return '';
  }
}
