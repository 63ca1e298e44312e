import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { endRefreshers, endSession } from './end-session.ts';
import { openDirectories, temporaryDirectory } from './temporary-directory.ts';
import { type World, worldAt } from './world.ts';

/**
 * A world for the running test. When the test is over every session found in it is ended, and what refreshes
 * its briefs, then all of it is removed.
 *
 * @param options `projectName`: the last part of the project's path, `project` unless given
 */
export function temporaryWorld(options: { projectName?: string } = {}): World {
  const base = temporaryDirectory();
  const world = worldAt(join(base, 'home'), join(base, options.projectName ?? 'project'));
  mkdirSync(world.home);
  mkdirSync(world.project, { recursive: true });
  onTestFinished(() => {
    endSessions(world);
    // Only now: no supervisor is left to start another.
    endRefreshers(world);
  });
  return world;
}

/**
 * Sessions may lie under any project of the world, so that their ids are looked for in the whole state root. What keeps
 * a cache warm is named after its session, which may be gone already.
 */
function endSessions(world: World): void {
  if (!existsSync(world.stateRoot)) return;
  openDirectories(world.stateRoot);
  for (const entry of readdirSync(world.stateRoot, { recursive: true, encoding: 'utf8' })) {
    const id = /(?:^|\/)(?:sessions|\.warm\/[^/]+)\/([0-9A-HJKMNP-TV-Z]{26})$/.exec(entry)?.[1];
    if (id !== undefined) endSession(world, id);
  }
}
