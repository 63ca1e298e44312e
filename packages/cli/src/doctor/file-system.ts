import type { FileSystem } from './file-systems.ts';
import { type Finding, findingsOf } from './finding.ts';
import type { TrialFaults } from './trial.ts';

/** What the file system of the state root is, and what was found by trying. `undefined`: not tried, nothing can be written. */
export interface FileSystemFacts {
  readonly fileSystem: FileSystem | undefined;
  readonly faults: TrialFaults | undefined;
}

const { ok, note, warning, problem } = findingsOf('file-system');
const LOCAL = 'Point XDG_STATE_HOME at a directory on a local disk';
const UNTRUSTED = 'without a lifeline a session is judged by its process alone: slower, and not from other containers';

export function judgeFileSystem({ fileSystem, faults }: FileSystemFacts): Finding[] {
  return [
    ...(fileSystem === undefined ? [] : [judgeKind(fileSystem)]),
    ...(faults === undefined ? [note('not tried out: nothing can be written there')] : judgeTrial(faults)),
  ];
}

function judgeKind({ name, kind }: FileSystem): Finding {
  switch (kind) {
    case 'local':
      return ok(`${name}, a local file system`);
    case 'memory':
      return note(`${name}: sessions are in memory and end with the machine`, LOCAL);
    case 'layered':
      return note(
        `${name}, the layer of a container: its sessions go with it, and none of them is seen from outside`,
        LOCAL,
      );
    case 'remote':
      return warning(`${name}: waits elsewhere get no events, and lifelines say nothing to other machines`, LOCAL);
    default:
      return note(`a file system that csa does not know (${name})`);
  }
}

function judgeTrial(faults: TrialFaults): Finding[] {
  const { directory, fsync, rename, link, lifeline, events } = faults;
  if (directory !== undefined) return [problem(`a directory cannot be made there: ${directory}`, LOCAL)];
  const works = ['fsync', 'rename', 'link', 'lifeline', 'events'].filter((step) => !Object.hasOwn(faults, step));
  return [
    ...(works.length === 0 ? [] : [ok(`tried out, works: ${works.join(', ')}`)]),
    ...(fsync === undefined ? [] : [problem(`nothing can be written durably: ${fsync}`, LOCAL)]),
    ...(rename === undefined ? [] : [problem(`a file cannot be renamed over another: ${rename}`, LOCAL)]),
    ...(link === undefined
      ? []
      : [warning(`no hard link can be made (${link}): a power cut may lose a result`, LOCAL)]),
    ...(lifeline === undefined ? [] : [judgeLifeline(lifeline)]),
    ...(events === undefined ? [] : [judgeEvents(events)]),
  ];
}

function judgeLifeline(why: string): Finding {
  const isMissing = why.includes('ENOENT');
  return warning(
    `no lifeline is possible (${why}): ${UNTRUSTED}`,
    isMissing ? 'Install mkfifo (coreutils) and put it on PATH' : LOCAL,
  );
}

function judgeEvents(why: string): Finding {
  const isSpent = why === 'EMFILE' || why === 'ENOSPC';
  return warning(
    `changes are not told by events (${why}): waits look every second instead`,
    isSpent ? 'See inotify below' : LOCAL,
  );
}
