import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest } from './floors.ts';
import type { Sources } from './imports.ts';

/** One package of this workspace, as it is written. */
export interface WorkspacePackage {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly sources: Sources;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The package.json at the root. */
export function readRootManifest(): Manifest {
  return readManifest(ROOT);
}

/** All packages with all their TypeScript sources, tests included. */
export function readPackages(): WorkspacePackage[] {
  const packages = join(ROOT, 'packages');
  return readdirSync(packages)
    .filter((folder) => existsSync(join(packages, folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: readManifest(join(packages, folder)),
      sources: readSources(join(packages, folder)),
    }));
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}

function readSources(directory: string): Sources {
  const names = readdirSync(join(directory, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith('.ts')).map((name) => `src/${name}`);
  return new Map(paths.map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}
