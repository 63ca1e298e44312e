// What is wrong with a packed package: pure, but for the reader of its files that it is given.
import { posix } from 'node:path';
import type { PublishedManifest, Target } from './published-packages.ts';

const EXPECTED = [
  /^(?:LICENSE|README\.md|package\.json|oclif\.manifest\.json)$/,
  /^bin\/[\w-]+\.js$/,
  /^dist\/.+\.js$/,
  /^dist\/.+\.d\.ts$/,
  /^schemas\/[\w-]+\.schema\.json$/,
];
const TEST_WORD = /\.(?:test|fixture|bench)\./;

/** What npm runs when a package is installed, or when it is installed from a repository. */
export const INSTALL_SCRIPTS: readonly string[] = ['preinstall', 'install', 'postinstall', 'prepare'];

/** Files that nobody who installs the package needs, and necessary ones that are not there. */
export function fileFaults(files: readonly string[]): string[] {
  const unwanted = files.filter((file) => TEST_WORD.test(file) || !EXPECTED.some((form) => form.test(file)));
  const missing = ['LICENSE', 'README.md', 'package.json'].filter((file) => !files.includes(file));
  return [...unwanted.map((file) => `${file} is not needed`), ...missing.map((file) => `${file} is missing`)];
}

/** Targets of `bin`, `main`, `types` and `exports` that are not packed. */
export function targetFaults(manifest: PublishedManifest, files: readonly string[]): string[] {
  const absent = targetsOf(manifest).filter((target) => !files.some((file) => isNamed(target, file)));
  return absent.map((target) => `${target} is not packed`);
}

/** The files that a manifest names; `*` stands for any part of a name. */
export function targetsOf({ bin, main, types, exports }: PublishedManifest): string[] {
  const single = [main, types].filter((target) => typeof target === 'string');
  const named = [...single, ...Object.values(bin ?? {}), ...Object.values(exports ?? {}).flatMap(leaves)];
  return named.map((target) => posix.normalize(target));
}

function leaves(target: Target): string[] {
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(leaves);
}

function isNamed(target: string, file: string): boolean {
  const [start = '', end] = target.split('*');
  return end === undefined ? file === target : file.startsWith(start) && file.endsWith(end);
}

/** Fields that every published package has, and with what they begin. */
export function fieldFaults(manifest: PublishedManifest, folder: string): string[] {
  const repository = (manifest['repository'] ?? {}) as { type?: string; url?: string; directory?: string };
  const page = /^git\+(https:\/\/.+)\.git$/.exec(repository.url ?? '')?.[1];
  const checks: Record<string, boolean> = {
    license: manifest['license'] === 'MIT',
    description: String(manifest['description'] ?? '').endsWith('.'),
    repository: repository.type === 'git' && repository.directory === `packages/${folder}` && page !== undefined,
    homepage: manifest['homepage'] === `${page}/tree/main/packages/${folder}#readme`,
    bugs: manifest['bugs'] === `${page}/issues`,
    engines: JSON.stringify(manifest['engines']) === '{"node":">=22.22"}',
    sideEffects: manifest['sideEffects'] !== undefined,
    exports: manifest.exports !== undefined,
    publishConfig: JSON.stringify(manifest['publishConfig']) === '{"access":"public","provenance":true}',
    scripts: manifest.scripts === undefined,
    devDependencies: manifest['devDependencies'] === undefined,
    versions: Object.values(manifest.dependencies ?? {}).every((version) => /^\d+\.\d+\.\d+/.test(version)),
  };
  return Object.keys(checks).filter((field) => !checks[field]);
}

/** Files that a packed file names relative to itself and that are not packed: imports, `new URL()`, source maps. */
export function referenceFaults(files: readonly string[], read: (file: string) => string): string[] {
  const references = files
    .filter((file) => /\.(?:js|ts)$/.test(file))
    .flatMap((file) => referencesOf(file, read(file)));
  return references.filter(({ to }) => !files.includes(to)).map(({ from, to }) => `${from} names ${to}`);
}

const REFERENCE =
  /^(?:import|export)\b[^;'"=()]*'(\.[^']+)'|import\('(\.[^']+)'\)|new URL\('([^']+\.js)', import\.meta\.url\)|^\/\/# sourceMappingURL=(\S+)/gm;

function referencesOf(from: string, text: string): Array<{ from: string; to: string }> {
  return Array.from(text.matchAll(REFERENCE), (found) => {
    const named = found.slice(1).find((part) => part !== undefined) ?? '';
    const path = posix.join(posix.dirname(from), named);
    // A declaration names the script, or the source, whose declaration TypeScript then reads.
    return { from, to: from.endsWith('.d.ts') ? path.replace(/\.[jt]s$/, '.d.ts') : path };
  });
}
