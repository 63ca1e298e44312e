import { dirname, join } from 'node:path/posix';
import { isForExecutables, type Manifest, shippedDependencies } from './floors.ts';

/** The sources of one package: paths relative to the package (`src/wait.ts`) and their text. */
export type Sources = ReadonlyMap<string, string>;

const STATEMENT = /^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;
const CALL = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** Libraries that have one owner. */
const OWNERS: ReadonlyMap<string, string> = new Map([
  ['execa', '@csa/supervisor'],
  ['chokidar', '@csa/session'],
  ['@iarna/toml', '@csa/session'],
  ['ps-list', '@csa/liveness'],
  ['@oclif/core', '@csa/cli'],
  ['@modelcontextprotocol/server', '@csa/mcp'],
]);

/** Faces beside an index: of what must be loaded in a few milliseconds, and so without all the rest; one for each subject. */
const SECOND_FACES: ReadonlySet<string> = new Set([
  '@csa/session/files',
  '@csa/warm/hook',
  '@csa/brief/collected',
  '@csa/brief/due',
  '@csa/calls/brief',
  '@csa/calls/collect',
  '@csa/calls/config',
  '@csa/calls/list',
  '@csa/calls/logs',
  '@csa/calls/look',
  '@csa/calls/many',
  '@csa/calls/settings',
  '@csa/calls/start',
  '@csa/calls/status',
  '@csa/calls/stop',
  '@csa/calls/view',
  '@csa/calls/wait',
  '@csa/calls/warm',
]);

/** What a text imports, re-exports or imports dynamically by a literal name, types included. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(STATEMENT), ...text.matchAll(CALL)].map((match) => match[1] ?? '');
}

/** Imports that reach into another package, leave their own, or take a library from its owner. */
export function importFaults(manifest: Manifest, sources: Sources): string[] {
  return [...sources].flatMap(([path, text]) =>
    importsOf(text).flatMap((specifier) => {
      const fault = faultOf(specifier, path, manifest);
      return fault === undefined ? [] : [`${manifest.name} ${path}: ${specifier} ${fault}`];
    }),
  );
}

/** A library among the dependencies of a package that is not its owner. */
export function ownerFaults(manifest: Manifest): string[] {
  return [...shippedDependencies(manifest), ...Object.keys(manifest.devDependencies ?? {})]
    .filter((dependency) => isOwnedByAnother(dependency, manifest))
    .map((dependency) => `${manifest.name} must leave ${dependency} to ${OWNERS.get(dependency)}`);
}

function faultOf(specifier: string, path: string, manifest: Manifest): string | undefined {
  if (specifier.startsWith('.')) {
    return join(dirname(path), specifier).startsWith('src/') ? undefined : 'leaves the package';
  }
  const name = packageOf(specifier);
  if (isOwnedByAnother(name, manifest)) return `belongs to ${OWNERS.get(name)}`;
  if (!name.startsWith('@csa/')) return undefined;
  if (specifier !== name && !SECOND_FACES.has(specifier)) return 'reaches into the package';
  if (isForExecutables(manifest, name)) return 'is imported by executables alone';
  const shipped = shippedDependencies(manifest).includes(name);
  return shipped || path.includes('.test.') ? undefined : 'is not among the dependencies';
}

function isOwnedByAnother(name: string, manifest: Manifest): boolean {
  const owner = OWNERS.get(name);
  return owner !== undefined && owner !== manifest.name;
}

/** `@scope/name/deep/path` and `name/deep/path` to the package's name. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
