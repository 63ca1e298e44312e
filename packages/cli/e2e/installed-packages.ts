// What the published packages need of others at run time, as it is installed in this workspace.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type PublishedManifest, publishedFolders, readManifest } from './published-packages.ts';

/** A package of somebody else, as it lies in node_modules. */
export interface Installed {
  readonly manifest: PublishedManifest;
  readonly directory: string;
  /** whether npm would compile something when it is installed */
  readonly hasBinding: boolean;
}

/** All that is installed along with the published packages, and the dependencies of those; each once. */
export function installedPackages(): Installed[] {
  const found = new Map<string, Installed>();
  const open = publishedFolders().flatMap(dependencyDirectories);
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    if (found.has(directory)) continue;
    found.set(directory, readInstalled(directory));
    open.push(...dependencyDirectories(directory));
  }
  return Array.from(found.values()).toSorted((a, b) => a.manifest.name.localeCompare(b.manifest.name));
}

function readInstalled(directory: string): Installed {
  return { manifest: readManifest(directory), directory, hasBinding: existsSync(join(directory, 'binding.gyp')) };
}

/** Of others than this workspace; an optional one may be missing on this platform. */
function dependencyDirectories(directory: string): string[] {
  const { dependencies = {}, optionalDependencies = {} } = readManifest(directory);
  const needed = Object.keys(dependencies).filter(
    (name) => !name.startsWith('@csa/') && !(name in optionalDependencies),
  );
  const optional = Object.keys(optionalDependencies).filter((name) => locate(name, directory) !== undefined);
  return [...needed, ...optional].map((name) => {
    const place = locate(name, directory);
    if (place === undefined) throw new Error(`${name}, which ${directory} needs, is not installed`);
    return place;
  });
}

/** As Node looks it up: in the node_modules of the directory, or of one above it. */
function locate(name: string, directory: string): string | undefined {
  const place = join(directory, 'node_modules', name);
  if (existsSync(place)) return realpathSync(place);
  return directory === dirname(directory) ? undefined : locate(name, dirname(directory));
}
