import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { Refusal } from './refusal.ts';

/** The older program's name: both share one place on disk. */
const DIRECTORY_NAME = 'cli-sub-agent';
const LEGACY_DIRECTORY_NAME = 'csa';

export interface StateRoots {
  /** Read and written. */
  readonly primary: string;
  /** Read only: where an older version left its sessions. */
  readonly legacy: string;
  /** Whether a shell without this environment's XDG_STATE_HOME would find the same place. */
  readonly isDefault: boolean;
}

/**
 * Where sessions live. XDG_STATE_HOME counts only when it is absolute, as the XDG Base Directory specification says.
 * @throws Refusal reason=no-home
 */
export function stateRoots(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): StateRoots {
  if (platform === 'darwin') return rootsIn(join(home(env), 'Library', 'Application Support'), true);
  const usual = (): string => join(home(env), '.local', 'state');
  const chosen = env['XDG_STATE_HOME'];
  if (chosen === undefined || !isAbsolute(chosen)) return rootsIn(usual(), true);
  return rootsIn(chosen, isAbsolute(env['HOME'] ?? '') && resolve(chosen) === usual());
}

function rootsIn(parent: string, isDefault: boolean): StateRoots {
  return { primary: join(parent, DIRECTORY_NAME), legacy: join(parent, LEGACY_DIRECTORY_NAME), isDefault };
}

/** The user's config file. @throws Refusal reason=no-home */
export function userConfigPath(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return join(home(env), 'Library', 'Application Support', DIRECTORY_NAME, 'config.toml');
  const chosen = env['XDG_CONFIG_HOME'];
  const parent = chosen !== undefined && isAbsolute(chosen) ? chosen : join(home(env), '.config');
  return join(parent, DIRECTORY_NAME, 'config.toml');
}

export function projectConfigPath(project: string): string {
  return join(project, '.csa', 'config.toml');
}

/** The sessions of one project below one state root; `project` is a real path. */
export function sessionsDirectory(root: string, project: string): string {
  return join(root, project.replace(/^\/+/, ''), 'sessions');
}

function home(env: NodeJS.ProcessEnv): string {
  const directory = env['HOME'] || accountHome();
  if (isAbsolute(directory)) return directory;
  throw new Refusal({
    reason: 'no-home',
    what: 'the home directory is not known',
    expected: 'HOME to be an absolute path',
    got: JSON.stringify(directory),
    next: 'Set HOME, or XDG_STATE_HOME, to an absolute path',
  });
}

/** Empty for an account that the system does not know, as containers run them. */
function accountHome(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

/** The project whose session stands at `directory`; `undefined` outside of both state roots. */
export function projectAt(directory: string, roots: StateRoots): string | undefined {
  const root = [roots.primary, roots.legacy].find((candidate) => directory.startsWith(`${candidate}/`));
  const sessions = dirname(directory);
  if (root === undefined || basename(sessions) !== 'sessions') return undefined;
  return dirname(sessions).slice(root.length) || '/';
}
