import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectConfigPath, userConfigPath } from '@csa/session';
import { temporaryDirectory, temporaryWorld, type World } from '@csa/testkit';
import { type ConfigFile, type ConfigScope, readConfigFile } from './config-file.ts';

export interface Configs {
  readonly project?: string | undefined;
  readonly user?: string | undefined;
}

/** A world whose project and user have these configs. */
export function configured({ project, user }: Configs): World {
  const world = temporaryWorld();
  write(projectConfigPath(world.project), project);
  write(userConfigPath(world.env), user);
  return world;
}

/** A config file with this text. */
export function fileWith(text: string, scope: ConfigScope = 'user'): ConfigFile {
  const path = join(temporaryDirectory(), 'config.toml');
  write(path, text);
  return readConfigFile(scope, path);
}

function write(path: string, text: string | undefined): void {
  if (text === undefined) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
