import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

export interface Program {
  /** A module for Node; SRC in it stands for the address of the package's sources. */
  readonly module: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** A command line that runs the rest of its words. */
  readonly through?: readonly string[];
}

export interface SourcePrograms {
  /** Starts a module of Node, which is killed at the end of the test. */
  startProgram(program: Program): ChildProcess;
  /** What the modules, all run at once, print as JSON. */
  answersOf<T>(programs: readonly Program[]): Promise<T[]>;
}

/** Programs made of a package's own sources, for what only processes of their own can show. */
export function sourcePrograms(sources: string): SourcePrograms {
  const startProgram = (program: Program): ChildProcess => start(program, sources);
  return {
    startProgram,
    answersOf: <T>(programs: readonly Program[]) =>
      Promise.all(programs.map((program) => answerOf<T>(startProgram(program)))),
  };
}

function start({ module, args = [], env = process.env, through = [] }: Program, sources: string): ChildProcess {
  const script = module.replaceAll('SRC', sources);
  const flags = ['--conditions=csa-source', '--no-warnings', '--input-type=module', '-e', script, '--', ...args];
  const [command = '', ...words] = [...through, process.execPath, ...flags];
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'], env });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.once('close', (...end) => resolve(end)),
  );
  if (code !== 0) throw new Error(`a module ended with ${code ?? signal}: ${text}`);
  return JSON.parse(text) as T;
}
