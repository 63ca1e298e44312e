import { spawn, spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';

export interface Program {
  /** A module for Node; SRC in it stands for the address of this package's sources. */
  readonly module: string;
  readonly args: readonly string[];
  /** A command line that runs the rest of its words. */
  readonly through?: readonly string[];
}

/** What the modules, all run at once, print as JSON. */
export function answersOf(programs: readonly Program[]): Promise<unknown[]> {
  return Promise.all(programs.map(answerOf));
}

async function answerOf({ module, args, through = [] }: Program): Promise<unknown> {
  const script = module.replaceAll('SRC', import.meta.dirname);
  const node = [process.execPath, '--conditions=csa-source', '--input-type=module', '-e', script, '--', ...args];
  const [command = '', ...words] = [...through, ...node];
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`a module ended with ${code}: ${text}`);
  return JSON.parse(text);
}

/** Permissions bite in what runs through this, also for root. */
export function denied(): string[] {
  if (process.getuid?.() !== 0) return [];
  const sets = '-dac_override,-dac_read_search,-fowner';
  return ['setpriv', '--bounding-set', sets, '--inh-caps', sets];
}

/** Root of a user namespace of its own, which may mount; `undefined` where the machine forbids that. */
export function namespace(): string[] | undefined {
  const [program, ...words] = ['unshare', '--user', '--map-root-user', '--mount'] as const;
  return spawnSync(program, [...words, 'true'], { stdio: 'ignore' }).status === 0 ? [program, ...words] : undefined;
}
