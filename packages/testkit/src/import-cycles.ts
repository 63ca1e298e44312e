import { dirname, join } from 'node:path/posix';
import { importsOf, type Sources } from './imports.ts';

/** One fault for each file from which a cycle of relative imports (types included) is met again. */
export function cycleFaults(sources: Sources): string[] {
  const done = new Set<string>();
  return [...sources.keys()].flatMap((path) => cyclesFrom(path, { sources, done, trail: [] }));
}

interface Walk {
  readonly sources: Sources;
  /** files all of whose imports have been followed */
  readonly done: Set<string>;
  /** the files from the start of the walk to here */
  readonly trail: readonly string[];
}

function cyclesFrom(path: string, walk: Walk): string[] {
  if (walk.trail.includes(path)) {
    return [`import cycle: ${[...walk.trail.slice(walk.trail.indexOf(path)), path].join(' -> ')}`];
  }
  if (walk.done.has(path)) return [];
  const faults = neighbours(path, walk.sources).flatMap((next) =>
    cyclesFrom(next, { ...walk, trail: [...walk.trail, path] }),
  );
  walk.done.add(path);
  return faults;
}

function neighbours(path: string, sources: Sources): string[] {
  return importsOf(sources.get(path) ?? '')
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => join(dirname(path), specifier))
    .filter((target) => sources.has(target));
}
