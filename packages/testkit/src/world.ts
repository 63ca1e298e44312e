import { join } from 'node:path';

/** A home, a project and a clean environment of their own, so that a test meets nothing of the user's. */
export interface World {
  /** HOME; holds the state and the configuration */
  readonly home: string;
  /** the project's directory, a real path */
  readonly project: string;
  /** `$XDG_STATE_HOME/cli-sub-agent`, not created */
  readonly stateRoot: string;
  /** PATH, HOME, XDG_STATE_HOME, XDG_CONFIG_HOME, LANG and CSA_BRIEF, nothing else */
  readonly env: NodeJS.ProcessEnv;
}

/** The world with these two directories; creates nothing. */
export function worldAt(home: string, project: string): World {
  const stateHome = join(home, '.local/state');
  return {
    home,
    project,
    stateRoot: join(stateHome, 'cli-sub-agent'),
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      XDG_STATE_HOME: stateHome,
      XDG_CONFIG_HOME: join(home, '.config'),
      LANG: process.env['LANG'] ?? 'C.UTF-8',
      // Two more processes for each session, and files that appear at any time, only where a test is about them.
      CSA_BRIEF: process.env['CSA_TEST_BRIEF'] || 'off',
    },
  };
}

/** Where the session `id` of the world's project lives, whether it exists or not. */
export function sessionDirectory(world: World, id: string): string {
  return join(sessionsDirectory(world), id);
}

/** Where the sessions of the world's project live: the state root, then the project's path, then `sessions`. */
export function sessionsDirectory(world: World): string {
  return join(world.stateRoot, world.project.replace(/^\/+/, ''), 'sessions');
}
