import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sessionsDirectoriesBelow } from './listing.ts';
import { errnoOf } from './refusal.ts';

/** What a start or a removal that was cut off has left beside the sessions: dot-names, which no reader takes for one. */
const CUT_OFF = /^\.(?:new|gone)-/;

/**
 * The directories below a state root that a start (`.new-`) or a removal (`.gone-`) left behind, untouched for so many
 * milliseconds. What cannot be looked at is passed over: it hides nothing that could be removed.
 * @throws Refusal reason=state-root-unreadable
 */
export function leftoversBelow(root: string, untouchedMs: number): string[] {
  const before = Date.now() - untouchedMs;
  return sessionsDirectoriesBelow(root)
    .flatMap((directory) => cutOffIn(directory))
    .filter((path) => quietly(() => isOldDirectory(path, before)))
    .sort();
}

function cutOffIn(directory: string): string[] {
  const names = quietly(() => readdirSync(directory)) ?? [];
  return names.filter((name) => CUT_OFF.test(name)).map((name) => join(directory, name));
}

function isOldDirectory(path: string, before: number): boolean {
  const stat = lstatSync(path);
  return stat.isDirectory() && stat.mtimeMs < before;
}

function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
