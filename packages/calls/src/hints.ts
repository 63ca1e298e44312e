import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { formatCommand, isPrintableWord } from '@csa/markers';

/** The words with which a fresh shell starts this very program. `script`: the path of its executable. */
export function programWords(script: string, env: NodeJS.ProcessEnv, execPath: string = process.execPath): string[] {
  const isPlain = samePath(foundInFreshShell('csa', env), script) && samePath(foundInFreshShell('node', env), execPath);
  return isPlain ? ['csa'] : [execPath, script];
}

/** What a fresh shell runs under this name. */
export function foundInFreshShell(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return firstIn((env['PATH'] ?? '').split(delimiter).filter(staysInFreshShell), name);
}

/** What this process would run under this name. */
export function foundOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return firstIn((env['PATH'] ?? '').split(delimiter).filter(isAbsolute), name);
}

/** npx and package scripts put their own directory in front for one command only. */
function staysInFreshShell(directory: string): boolean {
  return isAbsolute(directory) && !/\/node_modules\/\.bin\/?$/.test(directory);
}

function firstIn(directories: readonly string[], name: string): string | undefined {
  return directories
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function samePath(a: string | undefined, b: string): boolean {
  try {
    return a !== undefined && realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}

/** How a hint names one session so that the same lookup works from any directory. */
export interface HintTarget {
  readonly id: string;
  /** Where a fresh shell may have another state root, or the user named a directory. */
  readonly directory?: string | undefined;
}

/** Commands that can be run as printed: one plain command each, found by a fresh shell. */
export class Hints {
  readonly #program: readonly string[];

  constructor(program: readonly string[]) {
    this.#program = program;
  }

  /** A command of this program that is about no session. */
  command(words: readonly string[]): string {
    return formatCommand([...this.#program, ...words]);
  }

  /** `verb`: the command's words after `session`. */
  session(verb: string, target: HintTarget, flags: readonly string[] = []): string {
    return this.command(['session', ...verb.split(' '), ...targetWords(target), ...flags]);
  }
}

/** The words that name a session in a command. */
export function targetWords({ id, directory }: HintTarget): string[] {
  // A marker drops control characters: a directory that holds one cannot be printed, the id still can.
  return directory !== undefined && isPrintableWord(directory) ? ['--dir', directory] : [id];
}
