import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatCommand, isPrintableWord } from '@csa/markers';
import { errnoOf, type StateRoots } from '@csa/session';
import { type FileSystem, fileSystemOf } from './file-systems.ts';
import { type Finding, findingsOf } from './finding.ts';

/** Where sessions are kept, and what can be done there. */
export interface StateRootFacts {
  readonly path: string;
  /** `XDG_STATE_HOME`, or the home directory. */
  readonly chosenBy: 'XDG_STATE_HOME' | 'home';
  /** The value of an XDG_STATE_HOME that does not count, for it is relative. */
  readonly ignored: string | undefined;
  readonly place: Place;
  readonly disk: Disk | undefined;
}

/** `absent`: the first start makes it, below the nearest directory that exists. */
export type Place =
  | {
      readonly kind: 'there';
      readonly access: Access;
      readonly owner: number;
      readonly mode: number;
      readonly uid: number;
    }
  | { readonly kind: 'absent'; readonly above: string; readonly access: Access }
  | { readonly kind: 'no directory' }
  | { readonly kind: 'error'; readonly code: string };

/** `ok`, or the errno of what is refused. */
export type Access = 'ok' | (string & {});

export interface Disk {
  readonly fileSystem: FileSystem;
  readonly freeBytes: number;
  /** `undefined` where the file system does not count them. */
  readonly freeInodes: number | undefined;
}

const FEW_BYTES = 64 * 1024 * 1024;
const FEW_INODES = 1_000;
const { ok, note, warning, problem } = findingsOf('state-root');
const ELSEWHERE = 'Point XDG_STATE_HOME at an absolute directory of yours';

export function stateRootFacts({ primary }: StateRoots, env: NodeJS.ProcessEnv): StateRootFacts {
  const wish = env['XDG_STATE_HOME'];
  const counts = process.platform !== 'darwin' && wish?.startsWith('/') === true;
  const place = placeOf(primary);
  return {
    path: primary,
    chosenBy: counts ? 'XDG_STATE_HOME' : 'home',
    ignored: wish && !counts && process.platform !== 'darwin' ? wish : undefined,
    place,
    disk: diskOf(place.kind === 'absent' ? place.above : primary),
  };
}

/** The directory in which can be tried out what sessions need; `undefined` where nothing can be written. */
export function trialParent({ path, place }: StateRootFacts): string | undefined {
  if (place.kind === 'there') return place.access === 'ok' ? path : undefined;
  return place.kind === 'absent' && place.access === 'ok' ? place.above : undefined;
}

export function judgeStateRoot(facts: StateRootFacts): Finding[] {
  const { ignored } = facts;
  return [
    ...(ignored === undefined
      ? []
      : [warning(`XDG_STATE_HOME=${ignored} does not count: it is not absolute`, 'Make it absolute, or unset it')]),
    ...judgePlace(facts),
    ...(facts.disk === undefined ? [] : judgeDisk(facts.disk)),
  ];
}

function judgePlace({ path, place, chosenBy }: StateRootFacts): Finding[] {
  const by = chosenBy === 'home' ? 'below the home directory' : 'chosen by XDG_STATE_HOME';
  switch (place.kind) {
    case 'absent':
      return place.access === 'ok'
        ? [ok(`${path} (${by}) does not exist yet: the first start makes it`)]
        : [
            problem(
              `${path} (${by}) cannot be made: ${place.access} at ${place.above}; no session can be started`,
              ELSEWHERE,
            ),
          ];
    case 'no directory':
      return [problem(`${path} (${by}) is no directory: no session can be started`, `Move it away. ${ELSEWHERE}`)];
    case 'error':
      return [problem(`${path} (${by}) cannot be looked at: ${place.code}`, ELSEWHERE)];
    default:
      return place.access === 'ok'
        ? [ok(`${path} (${by}) can be written`), ...judgeRights(path, place)]
        : [
            problem(
              `${path} (${by}) cannot be written: ${place.access}; sessions can be waited for, none can be started`,
              writable(path, place),
            ),
          ];
  }
}

function writable(path: string, place: Place & { kind: 'there' }): string | { say: string; run: string } {
  const isOurs = place.owner === place.uid && place.access === 'EACCES';
  return isOurs && isPrintableWord(path)
    ? { say: 'Give yourself the right', run: formatCommand(['chmod', 'u+rwx', path]) }
    : ELSEWHERE;
}

function judgeRights(path: string, { owner, uid, mode }: Place & { kind: 'there' }): Finding[] {
  const others = (mode & 0o022) === 0 ? [] : [warning('others may write the state root', remedyOf(path, 'go-w'))];
  const foreign = owner === uid ? [] : [note(`the state root belongs to uid ${owner}, not to you (uid ${uid})`)];
  return [...others, ...foreign];
}

function remedyOf(path: string, mode: string): string | { say: string; run: string } {
  return isPrintableWord(path)
    ? { say: 'Take the right away', run: formatCommand(['chmod', mode, path]) }
    : 'Take the right away with chmod';
}

function judgeDisk({ freeBytes, freeInodes }: Disk): Finding[] {
  const next = `Free some, or ${ELSEWHERE.charAt(0).toLowerCase()}${ELSEWHERE.slice(1)}`;
  const space = `${Math.floor(freeBytes / 2 ** 20)} MiB free`;
  return [
    freeBytes === 0
      ? problem('the disk is full: no session can be started', next)
      : freeBytes < FEW_BYTES
        ? warning(`only ${space}: logs may be cut short`, next)
        : ok(space),
    ...(freeInodes === undefined || freeInodes >= FEW_INODES
      ? []
      : freeInodes === 0
        ? [problem('no inode is free: no session can be started', next)]
        : [warning(`only ${freeInodes} inodes are free`, next)]),
  ];
}

function placeOf(path: string): Place {
  try {
    const stat = statSync(path);
    if (!stat.isDirectory()) return { kind: 'no directory' };
    const { uid: owner, mode } = stat;
    return { kind: 'there', access: accessTo(path), owner, mode, uid: process.geteuid?.() ?? owner };
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    if (code !== 'ENOENT') return { kind: 'error', code };
    const above = existing(dirname(path));
    return { kind: 'absent', above, access: accessTo(above) };
  }
}

function existing(path: string): string {
  return dirname(path) === path || statSync(path, { throwIfNoEntry: false }) !== undefined
    ? path
    : existing(dirname(path));
}

function accessTo(path: string): Access {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return 'ok';
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined) throw error;
    return code;
  }
}

function diskOf(path: string): Disk | undefined {
  try {
    const { type, bavail, bsize, files, ffree } = statfsSync(path);
    return { fileSystem: fileSystemOf(type), freeBytes: bavail * bsize, freeInodes: files > 0 ? ffree : undefined };
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
