// The packages that users get: packed as they are published, and laid out for a look.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is read of a package.json that stands in a tarball. */
export interface PublishedManifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, Target>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A file, or a file for each condition. */
export type Target = string | { readonly [condition: string]: Target };

/** One packed package. */
export interface Packed {
  readonly manifest: PublishedManifest;
  readonly tarball: string;
  /** what stands in the tarball, laid out */
  readonly directory: string;
  /** relative to `directory`, sorted */
  readonly files: readonly string[];
}

/** The root of the workspace. */
export const WORKSPACE: string = fileURLToPath(new URL('../../..', import.meta.url));

const PACKAGES = join(WORKSPACE, 'packages');

/** The folders of the packages that are published. */
export function publishedFolders(): string[] {
  return readdirSync(PACKAGES)
    .filter((folder) => existsSync(join(PACKAGES, folder, 'package.json')))
    .filter((folder) => readManifest(join(PACKAGES, folder)).private !== true)
    .map((folder) => join(PACKAGES, folder));
}

/** Packs every published package, and lays each out, below a directory. */
export function packAll(directory: string): Packed[] {
  const filters = publishedFolders().flatMap((folder) => ['--filter', readManifest(folder).name]);
  const pnpm = join(WORKSPACE, 'node_modules/.bin/pnpm');
  succeed(pnpm, ['--recursive', ...filters, 'pack', '--pack-destination', directory]);
  return readdirSync(directory).map((name) => layOut(directory, name));
}

/** The package.json of a directory. */
export function readManifest(directory: string): PublishedManifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as PublishedManifest;
}

/** Runs a program in the workspace to its end, which has to be a good one. */
export function succeed(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { cwd: WORKSPACE, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? `exit ${status}\n${stderr}`}`);
}

function layOut(directory: string, name: string): Packed {
  const tarball = join(directory, name);
  const place = join(directory, name.replace(/\.tgz$/, ''));
  mkdirSync(place);
  succeed('tar', ['-xzf', tarball, '-C', place]);
  const laidOut = join(place, 'package');
  const entries = readdirSync(laidOut, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(laidOut.length + 1));
  return { manifest: readManifest(laidOut), tarball, directory: laidOut, files: files.toSorted() };
}
