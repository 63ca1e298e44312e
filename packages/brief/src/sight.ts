import { lstatSync, type Stats } from 'node:fs';
import { errnoOf } from '@csa/session/files';

/** What names and times say of a session's directory, by three system calls. */
export interface Sight {
  /** The same only as long as the directory, its result and its daemon's record are. */
  readonly mark: string;
  /** Of the newest change; microseconds since the epoch. No program can set it (ctime, inode(7)). */
  readonly changedAt: number;
  readonly hasResult: boolean;
}

/** `undefined` where there is no such directory. A file rewritten in place leaves its directory's times as they are. */
export function sightOf(directory: string): Sight | undefined {
  const own = statOf(directory);
  if (own?.isDirectory() !== true) return undefined;
  const result = statOf(`${directory}/result.toml`);
  const daemon = statOf(`${directory}/daemon.pid`);
  return {
    mark: `${markOf(own)} ${markOf(result)} ${markOf(daemon)}`,
    changedAt: Math.max(...[own, result, daemon].map((stat) => (stat === undefined ? 0 : changeOf(stat)))),
    hasResult: result !== undefined,
  };
}

/** When the newest of these places changed, files or directories; microseconds since the epoch, 0 where there is none. */
export function newestChange(paths: readonly string[]): number {
  return paths.reduce((latest, path) => {
    const stat = statOf(path);
    return stat === undefined ? latest : Math.max(latest, changeOf(stat));
  }, 0);
}

function changeOf({ ctimeMs }: Stats): number {
  return Math.floor(ctimeMs * 1000);
}

/** Doubles tell times a quarter of a microsecond apart, and a change takes longer. */
function markOf(stat: Stats | undefined): string {
  return stat === undefined ? '-' : `${stat.dev},${stat.ino},${stat.size},${stat.mtimeMs},${stat.ctimeMs}`;
}

/** What cannot be looked at has no times: whoever reads it says why. */
function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
