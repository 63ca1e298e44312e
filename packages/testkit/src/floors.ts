/** What is read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What is only for tests stands outside of the floors: it ships nothing of ours, and nobody ships it. */
const FOR_TESTS: ReadonlySet<string> = new Set(['@csa/testkit', '@csa/clients']);

/** A package depends only on floors below its own. */
const FLOORS: ReadonlyMap<string, number> = new Map([
  ['@csa/cli', 4],
  ['@csa/mcp', 4],
  ['@csa/calls', 3],
  ['@csa/wait', 2],
  ['@csa/supervisor', 2],
  ['@csa/warm', 2],
  ['@csa/brief', 2],
  ['@csa/setup', 2],
  ['@csa/session', 1],
  ['@csa/liveness', 0],
  ['@csa/cache', 0],
  ['@csa/markers', 0],
  ['@csa/transcript', 0],
]);

/**
 * Put together by an executable of the one (`bin/csa-mcp.js`), as the supervisor is by another: the sources of neither
 * import those of the other.
 */
const PUT_TOGETHER: ReadonlyMap<string, string> = new Map([['@csa/cli', '@csa/mcp']]);

/** Dependencies that are no floor below the package's own, and what is for tests where it would be shipped. */
export function dependencyFaults(manifest: Manifest): string[] {
  const floor = FLOORS.get(manifest.name);
  if (floor === undefined && !FOR_TESTS.has(manifest.name)) return [`${manifest.name} has no floor`];
  return shippedDependencies(manifest)
    .filter((dependency) => dependency.startsWith('@csa/') && !isForExecutables(manifest, dependency))
    .filter((dependency) => (FLOORS.get(dependency) ?? Number.POSITIVE_INFINITY) >= (floor ?? 0))
    .map((dependency) => `${manifest.name} must not depend on ${dependency}`);
}

/** Whether it is a dependency that only executables of the package import. */
export function isForExecutables({ name }: Manifest, dependency: string): boolean {
  return PUT_TOGETHER.get(name) === dependency;
}

/** Versions that may change under our feet: all but `1.2.3` and `workspace:*`. */
export function versionFaults(manifest: Manifest): string[] {
  const versions = Object.entries({ ...allShipped(manifest), ...manifest.devDependencies });
  return versions
    .filter(([, version]) => version !== 'workspace:*' && !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([dependency, version]) => `${manifest.name} has ${dependency} at ${version}, which is not exact`);
}

/** The names of what a package needs when it is used, not when it is tested. */
export function shippedDependencies(manifest: Manifest): string[] {
  return Object.keys(allShipped(manifest));
}

function allShipped(manifest: Manifest): Record<string, string> {
  return { ...manifest.optionalDependencies, ...manifest.peerDependencies, ...manifest.dependencies };
}
