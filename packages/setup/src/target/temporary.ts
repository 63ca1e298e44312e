import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { removeQuietly } from '@csa/session';
import type { Target } from './read-target.ts';

/** Where a file's new text stands until it is put in place: beside it, under a name that nobody else gives. */
export function temporaryFor(target: Target): string {
  return `${beginningFor(target)}${randomBytes(6).toString('hex')}`;
}

/** Takes away what a run that was killed has left beside a file: there is one run at a time. Never throws. */
export function removeLeftovers(target: Target): void {
  const beginning = beginningFor(target);
  const directory = dirname(beginning);
  for (const name of namesIn(directory)) {
    if (name.startsWith(basename(beginning))) removeQuietly(join(directory, name));
  }
}

function beginningFor(target: Target): string {
  const path = target.kind === 'file' ? target.real : target.path;
  return join(dirname(path), `.${basename(path)}.csa-`);
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
