import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import {
  errnoOf,
  MAX_RECORD_BYTES,
  parseToml,
  projectConfigPath,
  Refusal,
  type TomlTable,
  userConfigPath,
} from '@csa/session';
import { type LineOf, linesIn } from './lines-in.ts';

export type ConfigScope = 'project' | 'user';

/** One config file and what could be made of it. `nowhere`: its place is not known (no home, no current directory). */
export type ConfigFile = { readonly scope: ConfigScope } & (
  | { readonly state: 'nowhere'; readonly why: string }
  | { readonly state: 'absent'; readonly path: string }
  | { readonly state: 'unusable'; readonly path: string; readonly why: string }
  | ReadConfigFile
);

export interface ReadConfigFile {
  readonly scope: ConfigScope;
  readonly state: 'read';
  readonly path: string;
  readonly lineOf: LineOf;
  readonly table: TomlTable;
  /** Who may have written it. */
  readonly owner: number;
  readonly mode: number;
}

/** Where config files are looked for. */
export interface ConfigPlaces {
  readonly env: NodeJS.ProcessEnv;
  /** A real path; absent where there is no current directory. */
  readonly project?: string | undefined;
}

/** The files that may say something, the strongest first. Never throws for what is, or is not, on disk. */
export function readConfigFiles({ env, project }: ConfigPlaces): ConfigFile[] {
  return [
    project === undefined
      ? { scope: 'project', state: 'nowhere', why: 'the current directory is gone' }
      : readConfigFile('project', projectConfigPath(project)),
    readUserConfigFile(env),
  ];
}

function readUserConfigFile(env: NodeJS.ProcessEnv): ConfigFile {
  try {
    return readConfigFile('user', userConfigPath(env));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { scope: 'user', state: 'nowhere', why: error.message };
  }
}

export function readConfigFile(scope: ConfigScope, path: string): ConfigFile {
  try {
    const opened = readBounded(path);
    return opened === undefined ? { scope, state: 'absent', path } : { scope, state: 'read', path, ...opened };
  } catch (error) {
    // A syntax error names line and column.
    const why = error instanceof Error ? error.message : String(error);
    return { scope, state: 'unusable', path, why };
  }
}

type Opened = Pick<ReadConfigFile, 'lineOf' | 'table' | 'owner' | 'mode'>;

function readBounded(path: string): Opened | undefined {
  let fd: number;
  try {
    // Links are followed, as dotfiles are kept; a pipe that nobody writes to does not block.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Error('it is no regular file');
    const text = decode(readAtMost(fd, MAX_RECORD_BYTES));
    return { lineOf: linesIn(text), table: parseToml(text), owner: stat.uid, mode: stat.mode };
  } finally {
    closeSync(fd);
  }
}

/** By bytes that are there, not by the size that is told: files of /proc tell none. */
function readAtMost(fd: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read) {
    read = readSync(fd, buffer, length, buffer.length - length, null);
  }
  if (length > bytes) throw new Error(`it has more than ${bytes} bytes`);
  return buffer.subarray(0, length);
}

function decode(bytes: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('it is not UTF-8');
  }
  if (text.startsWith('\ufeff')) throw new Error('it begins with a byte-order mark, which TOML does not allow');
  return text;
}
