import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { builtCsa, temporaryDirectory, testNode, until, type World } from '@csa/testkit';
import { onTestFinished } from 'vitest';

export interface PtyOptions {
  readonly world: World;
  /** laid over the world's environment */
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
}

/** A command on a pseudo-terminal of its own. */
export interface Pty {
  /** all that it has shown so far, control sequences included */
  readonly text: () => string;
  /** the code with which the command has ended */
  readonly ended: Promise<number | null>;
  /** types on its keyboard; `\u0003` is Ctrl-C */
  type(keys: string): void;
  resize(columns: number): Promise<void>;
  /** its screen takes nothing more from now on */
  fill(): Promise<void>;
}

/** `csa session` with these words, on a terminal. */
export function csaOnTerminal(words: string, options: PtyOptions): Pty {
  return terminal(`"${testNode()}" "${builtCsa}" session ${words}`, options);
}

/** A line of shell on a terminal; it is killed after the test if it still runs. */
export function terminal(line: string, { world, env = {}, columns = 300 }: PtyOptions): Pty {
  const name = join(temporaryDirectory(), 'tty');
  const script = `stty cols ${columns} rows 24; tty >"${name}"; ${line}`;
  const child = spawn('script', ['-qec', script, '/dev/null'], {
    cwd: world.project,
    env: { ...world.env, TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  child.stdin.on('error', () => {});
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  ended.catch(() => {});
  const device = async (): Promise<string> => {
    await until(() => existsSync(name) && readFileSync(name, 'utf8').endsWith('\n'), 'the terminal');
    return readFileSync(name, 'utf8').trim();
  };
  return {
    text: () => text,
    ended,
    type: (keys) => void child.stdin.write(keys),
    resize: async (to) => void execFileSync('stty', ['-F', await device(), 'cols', String(to)]),
    fill: async () => {
      const tty = await device();
      child.kill('SIGSTOP');
      await until(() => /^State:\tT/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8')), 'it to stop');
      await writeUntilFull(tty);
    },
  };
}

async function writeUntilFull(path: string): Promise<void> {
  const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    // What it has taken it passes on for a moment: it is full when it takes nothing again and again.
    let refusals = 0;
    await until(() => {
      refusals = writeSome(fd) === 0 ? refusals + 1 : 0;
      return refusals === 5;
    }, 'a terminal that is full');
  } finally {
    closeSync(fd);
  }
}

function writeSome(fd: number): number {
  try {
    return writeSync(fd, 'x'.repeat(1_024));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    return 0;
  }
}

/** What a live line begins with: it clears what was there. */
export const CLEAR = '\r\u001b[J';
