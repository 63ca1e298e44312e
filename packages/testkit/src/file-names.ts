/** Names that say nothing: a thing lives with its owner. */
const NAMELESS: ReadonlySet<string> = new Set(['utils', 'common', 'shared', 'helpers', 'types', 'errors']);

/** Files and folders whose name, up to the first dot, says nothing about their subject. */
export function nameFaults(paths: Iterable<string>): string[] {
  return [...paths]
    .filter((path) => path.split('/').some((part) => NAMELESS.has(part.split('.')[0] ?? '')))
    .map((path) => `${path} is not named after its subject`);
}
