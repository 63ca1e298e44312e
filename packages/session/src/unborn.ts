import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lookAtLifeline, thisHost } from '@csa/liveness';
import { LIFELINE_FILE } from './daemon.ts';
import { errnoOf } from './refusal.ts';
import { type CutOff, cutOffRemoval } from './remove.ts';

/** What stands beside the sessions under a dot-name of ours. */
export type Leftover =
  /** A session that was about to appear. */
  | { readonly kind: 'unborn'; readonly name: string; readonly directory: string }
  /** A session that was being removed. */
  | ({ readonly kind: 'gone'; readonly name: string; readonly directory: string } & CutOff);

const UNBORN_NAME = /^\.new-[0-9a-f]{16}$/;

/** The leftovers among a project's sessions, in the order of their names. @throws a system error */
export function listLeftovers(sessions: string): Leftover[] {
  return directoriesIn(sessions)
    .sort()
    .flatMap((name): Leftover[] => {
      const directory = join(sessions, name);
      const cutOff = cutOffRemoval(name);
      if (cutOff !== undefined) return [{ kind: 'gone', name, directory, ...cutOff }];
      return UNBORN_NAME.test(name) ? [{ kind: 'unborn', name, directory }] : [];
    });
}

/** Whether a process holds the directory's lifeline, whatever the records beside it say; trouble in looking is a yes. */
export function isLifelineHeld(directory: string): boolean {
  const path = join(directory, LIFELINE_FILE);
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined || !stat.isFIFO()) return false;
  const { bootId } = thisHost();
  // Device and inode as they are now: whose lifeline it is does not matter, only whether anybody holds it.
  const look = lookAtLifeline(path, { bootId: bootId ?? '', dev: String(stat.dev), ino: String(stat.ino) });
  return look === 'alive' || look === 'error' || bootId === undefined;
}

/**
 * When something was last written into a directory or right below it, in milliseconds since the epoch.
 * @throws a system error
 */
export function lastWriteTime(directory: string): number {
  const names = readdirSync(directory);
  const stats = ['.', ...names].map((name) => lstatSync(join(directory, name), { throwIfNoEntry: false }));
  return Math.max(...stats.map((stat) => stat?.mtimeMs ?? 0));
}

function directoriesIn(sessions: string): string[] {
  try {
    const entries = readdirSync(sessions, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return [];
  }
}
